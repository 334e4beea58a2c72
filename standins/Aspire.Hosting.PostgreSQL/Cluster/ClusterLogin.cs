using Aspire.Hosting.ApplicationModel;
using Npgsql;

namespace Aspire.Hosting.PostgreSQL.Cluster;

/// <summary>The login of the server's owner.</summary>
internal static class ClusterLogin
{
    public const string Superuser = "postgres";

    /// <summary>Gives the login the password that the application knows, whatever the kept data says.</summary>
    public static async Task EnsureAsync(PostgresServerResource server, ClusterFolders folders, int port, CancellationToken cancellationToken)
    {
        var userName = await server.UserNameReference.GetValueAsync(cancellationToken) ?? Superuser;
        var password = await server.PasswordParameter.GetValueAsync(cancellationToken) ?? "";
        var socket = new NpgsqlConnectionStringBuilder { Host = folders.Socket, Port = port, Username = Superuser, Database = "postgres", Pooling = false };

        await using var connection = new NpgsqlConnection(socket.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            SET log_statement = 'none';
            SET log_min_error_statement = 'panic';
            SET log_min_duration_statement = -1;
            {(userName == Superuser ? "" : $"DO $$BEGIN CREATE ROLE {Quoted(userName, '"')}; EXCEPTION WHEN duplicate_object THEN NULL; END$$;")}
            ALTER ROLE {Quoted(userName, '"')} SUPERUSER LOGIN PASSWORD {Quoted(password, '\'')};
            """;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A name or text as PostgreSQL reads it, under <c>standard_conforming_strings</c>.</summary>
    public static string Quoted(string text, char quote) => $"{quote}{text.Replace($"{quote}", $"{quote}{quote}", StringComparison.Ordinal)}{quote}";
}
