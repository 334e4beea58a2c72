using Npgsql;
using ProSaas.Data.Isolation;

namespace ProSaas.Data.Migrating;

/// <summary>
/// Makes the roles and gives them their way in. Roles belong to the whole server, so migrators of other databases may be
/// making the same ones: what such a race breaks is tried again.
/// </summary>
internal sealed class DatabaseRoleSetup(MigratorConnections connections, MigratorOptions options, TimeProvider time)
{
    private const int MaxAttempts = 30;
    private const string InternalError = "XX000";
    private static readonly TimeSpan MeanDelay = TimeSpan.FromMilliseconds(100);

    private const string Harmless = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION";

    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            // The driver gives a connection up after the server's "tuple concurrently updated".
            await using var connection = await connections.ConnectAsync(cancellationToken);
            try
            {
                await EnsureOnceAsync(connection, cancellationToken);
                return;
            }
            catch (PostgresException race) when (attempt < MaxAttempts && IsRace(race))
            {
                await Task.Delay(MeanDelay * (0.5 + Random.Shared.NextDouble()), time, cancellationToken);
            }
        }
    }

    private static bool IsRace(PostgresException failure) => failure.SqlState
        is PostgresErrorCodes.DuplicateObject
        or PostgresErrorCodes.DuplicateDatabase
        or PostgresErrorCodes.UniqueViolation
        or PostgresErrorCodes.DeadlockDetected
        or PostgresErrorCodes.ObjectInUse
        || (failure.SqlState is InternalError && failure.MessageText.StartsWith("tuple concurrently", StringComparison.Ordinal));

    private async Task EnsureOnceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await EnsureRoleAsync(
            connection, DatabaseRoles.App, "LOGIN NOINHERIT", "rolcanlogin AND NOT rolinherit", options.AppPassword, cancellationToken);
        await EnsureConnectionLimitAsync(connection, DatabaseRoles.App, options.AppConnections, cancellationToken);
        await EnsureRoleAsync(connection, DatabaseRoles.System, "NOLOGIN", "NOT rolcanlogin", password: null, cancellationToken);
        await EnsureMembershipAsync(connection, cancellationToken);
        await Sql.ExecuteAsync(
            connection,
            $"""
            REVOKE ALL ON DATABASE {Sql.Identifier(connection.Database)} FROM PUBLIC;
            GRANT CONNECT ON DATABASE {Sql.Identifier(connection.Database)} TO {DatabaseRoles.App};
            REVOKE ALL ON SCHEMA public FROM PUBLIC;
            GRANT USAGE ON SCHEMA public TO {DatabaseRoles.App}, {DatabaseRoles.System};
            """,
            cancellationToken);
        if (options.N8nPassword is { } n8nPassword)
        {
            await EnsureRoleAsync(connection, DatabaseRoles.N8n, "LOGIN", "rolcanlogin", n8nPassword, cancellationToken);
            await EnsureConnectionLimitAsync(connection, DatabaseRoles.N8n, options.N8nConnections, cancellationToken);
            await EnsureN8nDatabaseAsync(connection, cancellationToken);
        }
    }

    /// <summary>Changes only what differs: a login that may create roles may not even repeat an attribute it lacks itself.</summary>
    private static async Task EnsureRoleAsync(
        NpgsqlConnection connection,
        string role,
        string attributes,
        string attributesHold,
        string? password,
        CancellationToken cancellationToken)
    {
        var state = await Sql.ScalarAsync<string>(
            connection,
            $"""
            SELECT coalesce((
                SELECT CASE
                    WHEN {attributesHold} AND NOT (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication) THEN 'right'
                    ELSE 'wrong' END
                FROM pg_roles WHERE rolname = '{role}'), 'missing')
            """,
            cancellationToken);
        if (state is "missing")
        {
            await Sql.ExecuteAsync(connection, $"CREATE ROLE {role} {attributes} {Harmless}", cancellationToken);
        }
        else if (state is "wrong")
        {
            await Sql.ExecuteAsync(connection, $"ALTER ROLE {role} {attributes} {Harmless}", cancellationToken);
        }

        if (password is not null)
        {
            await Sql.ExecuteAsync(
                connection, $"ALTER ROLE {role} PASSWORD {Sql.Literal(ScramVerifier.Create(password))}", cancellationToken);
        }
    }

    private static async Task EnsureConnectionLimitAsync(
        NpgsqlConnection connection, string role, int? limit, CancellationToken cancellationToken)
    {
        if (limit is { } count && await Sql.ScalarAsync<bool>(
            connection, $"SELECT rolconnlimit <> {count} FROM pg_roles WHERE rolname = '{role}'", cancellationToken))
        {
            await Sql.ExecuteAsync(connection, $"ALTER ROLE {role} CONNECTION LIMIT {count}", cancellationToken);
        }
    }

    private static async Task EnsureMembershipAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // Before 16 the member's NOINHERIT decides; since then each grant does, and keeps what it was given with.
        var perGrant = connection.PostgreSqlVersion.Major >= 16;
        var membership = perGrant ? "SET" : "MEMBER";
        const string Roles = $"'{DatabaseRoles.App}', '{DatabaseRoles.System}'";
        var right = $"SELECT pg_has_role({Roles}, '{membership}') AND NOT pg_has_role({Roles}, 'USAGE')";
        if (!await Sql.ScalarAsync<bool>(connection, right, cancellationToken))
        {
            var options = perGrant ? " WITH INHERIT FALSE, SET TRUE" : "";
            await Sql.ExecuteAsync(connection, $"GRANT {DatabaseRoles.System} TO {DatabaseRoles.App}{options}", cancellationToken);
        }

        if (!await Sql.ScalarAsync<bool>(connection, right, cancellationToken))
        {
            throw new MigrationFailedException(
                $"{DatabaseRoles.App} has the rights of {DatabaseRoles.System} without asking for them: every business would see all.");
        }
    }

    private async Task EnsureN8nDatabaseAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string N8n = DatabaseRoles.N8n;
        if (!await Sql.ScalarAsync<bool>(connection, $"SELECT EXISTS (SELECT FROM pg_database WHERE datname = '{N8n}')", cancellationToken))
        {
            await Sql.ExecuteAsync(connection, $"CREATE DATABASE {N8n} TEMPLATE template0 ENCODING 'UTF8'", cancellationToken);
        }
        else if (await Sql.ScalarAsync<bool>(connection, $"SELECT has_database_privilege('{N8n}', '{N8n}', 'CREATE')", cancellationToken))
        {
            return;
        }

        // The database stays the migrator's, whose login may be unable to give it away; n8n makes its own tables in it.
        await using var n8n = await connections.OpenOtherAsync(N8n, cancellationToken);
        await Sql.ExecuteAsync(
            n8n,
            $"""
            REVOKE ALL ON DATABASE {N8n} FROM PUBLIC;
            GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {N8n} TO {N8n};
            REVOKE ALL ON SCHEMA public FROM PUBLIC;
            GRANT ALL ON SCHEMA public TO {N8n};
            """,
            cancellationToken);
    }
}
