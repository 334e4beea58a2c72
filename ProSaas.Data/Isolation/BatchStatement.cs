using Npgsql;
using NpgsqlTypes;

namespace ProSaas.Data;

/// <summary>Makes the statements of a <see cref="UnitOfWork"/>'s batch.</summary>
public static class BatchStatement
{
    /// <param name="sql">With $1, $2 and so on for the values.</param>
    /// <param name="values">Of types that PostgreSQL has; the type of a null follows from its place in the statement.</param>
    public static NpgsqlBatchCommand Of(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value is null
                ? new NpgsqlParameter { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Unknown }
                : new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
