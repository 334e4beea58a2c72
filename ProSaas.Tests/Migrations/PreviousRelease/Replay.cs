using NpgsqlTypes;

namespace ProSaas.Tests.Migrations.PreviousRelease;

/// <summary>
/// Runs recorded statements one after the other in the transaction of a connection, each bound as it was. They run for good within it, so
/// that the executor checks what no plan tells: rights, columns that must have a value, conditions on rows. The caller rolls back.
/// </summary>
internal static partial class Replay
{
    /// <summary>What the server refused: "42703 of: SELECT …".</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(NpgsqlConnection connection, IEnumerable<RecordedStatement> statements)
    {
        var refused = new List<string>();
        foreach (var statement in statements)
        {
            await RunAsync(connection, $"SAVEPOINT recorded; {statement.Binding}");
            try
            {
                await RunAsync(connection, statement);
            }
            catch (PostgresException refusal)
            {
                await RunAsync(connection, "ROLLBACK TO SAVEPOINT recorded");
                if (!IsOfTheRows(refusal))
                {
                    refused.Add($"{refusal.SqlState} {refusal.MessageText}: {statement.Sql}");
                }
            }
        }

        return refused;
    }

    /// <summary>
    /// Another row has the key already, or the row referred to has another id than at the recording. The server looks at columns that must
    /// have a value, and at conditions, before either.
    /// </summary>
    private static bool IsOfTheRows(PostgresException refusal) =>
        refusal.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation;

    /// <summary>No row has the version that it had at the recording; the statement shall find it all the same.</summary>
    private static string Sql(RecordedStatement statement) => RowVersion().Replace(statement.Sql, "(${comparison} OR true)");

    /// <summary>The log has no types of parameters: the server infers them. One that it cannot infer gets the type of its value.</summary>
    private static async Task RunAsync(NpgsqlConnection connection, RecordedStatement statement)
    {
        List<NpgsqlParameter> parameters = [.. statement.Parameters.Select(Parameter)];
        for (var unknown = parameters.Count; ; unknown--)
        {
            try
            {
                await RunAsync(connection, Sql(statement), parameters);
                return;
            }
            catch (PostgresException refusal) when (
                unknown > 0 && refusal.SqlState is PostgresErrorCodes.AmbiguousParameter or PostgresErrorCodes.IndeterminateDatatype)
            {
                await RunAsync(connection, "ROLLBACK TO SAVEPOINT recorded");
                GiveType(parameters[int.Parse(Position().Match(refusal.MessageText).Value, CultureInfo.InvariantCulture) - 1]);
            }
            catch (PostgresException refusal) when (refusal.SqlState is PostgresErrorCodes.UndefinedFunction && parameters.Any(IsNullText))
            {
                await RunAsync(connection, "ROLLBACK TO SAVEPOINT recorded");
                parameters.ForEach(parameter =>
                    parameter.NpgsqlDbType = IsNullText(parameter) ? NpgsqlDbType.Bigint : parameter.NpgsqlDbType);
            }
        }
    }

    /// <summary>A duration has its type from the start: the server takes what is subtracted from a time for another time.</summary>
    private static NpgsqlParameter Parameter(string? value)
    {
        if (value is not null && Duration().Match(value) is { Success: true } duration)
        {
            var days =
                duration.Groups["days"] is { Success: true, Value: var number } ? int.Parse(number, CultureInfo.InvariantCulture) : 0;
            var time = duration.Groups["time"] is { Success: true, Value: var text }
                ? TimeSpan.Parse(text, CultureInfo.InvariantCulture)
                : default;
            return new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Interval, Value = TimeSpan.FromDays(days) + time };
        }

        return new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = (object?)value ?? DBNull.Value };
    }

    /// <summary>A guess at the type of a NULL, which is a key where it is not a text.</summary>
    private static bool IsNullText(NpgsqlParameter parameter) => parameter is { NpgsqlDbType: NpgsqlDbType.Text, Value: DBNull };

    private static void GiveType(NpgsqlParameter parameter)
    {
        (parameter.NpgsqlDbType, parameter.Value) = parameter.Value switch
        {
            string text when long.TryParse(text, CultureInfo.InvariantCulture, out var number) => (NpgsqlDbType.Bigint, number),
            "t" or "f" => (NpgsqlDbType.Boolean, parameter.Value is "t"),
            _ => (NpgsqlDbType.Text, parameter.Value),
        };
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, IReadOnlyList<NpgsqlParameter>? parameters = null)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters ?? [])
        {
            command.Parameters.Add(parameter.Clone());
        }

        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>"1 day", "00:00:15", "2 days 00:00:15".</summary>
    [GeneratedRegex(
        @"\A(?=.)((?<days>\d+) days?)? ?(?<time>\d\d:\d\d:\d\d(\.\d+)?)?\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duration();

    /// <summary>Of the parameter that a message of the server names.</summary>
    [GeneratedRegex(@"(?<=\$)\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Position();

    [GeneratedRegex(@"(?<comparison>(\w+\.)?xmin = \$\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RowVersion();
}
