namespace ProSaas.Tests.Migrations.PreviousRelease;

/// <summary>Not a test: <c>scripts/record-sql.sh</c> runs it, at a release.</summary>
public sealed class SqlRecorder
{
    [Fact(Explicit = true)]
    public async Task Record()
    {
        await using var server = PostgresFixture.With(
            "log_statement=all", "log_destination=jsonlog", "logging_collector=on", "log_rotation_size=0", "log_rotation_age=0");
        var seeded = await TestDatabase.CreateAsync(server);
        await seeded.MigrateAsync();
        await Traffic.RunAsync(seeded);
        var empty = await TestDatabase.CreateAsync(server);
        await empty.MigrateAsync(seed: false);
        await Traffic.SetUpAsync(empty);

        var log = await Database.ScalarAsync<string>(seeded.Owner, "SELECT pg_read_file(pg_current_logfile('jsonlog'))");
        var statements = ServerLog.Read(log!);

        var tables = await Database.ColumnAsync(seeded.Owner,
            "SELECT DISTINCT table_name::text FROM information_schema.table_privileges WHERE grantee IN ('prosaas_app', 'prosaas_system') AND table_schema = 'public'");
        tables.Where(table => !statements.Any(statement => statement.Sql.Contains(table, StringComparison.Ordinal)))
            .ShouldBeEmpty("Traffic does not reach these tables");
        await Recording.WriteAsync(statements);
    }
}
