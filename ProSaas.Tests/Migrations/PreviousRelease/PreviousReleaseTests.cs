using ProSaas.Data.Isolation;
using ProSaas.Data.Schema;

namespace ProSaas.Tests.Migrations.PreviousRelease;

/// <summary>The SQL of the previous release works with the newest schema, unless a migration since is marked as breaking.</summary>
public sealed class PreviousReleaseTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Newest_schema_takes_every_statement_of_the_previous_release()
    {
        var recording = Recording.Read();
        SchemaContract.Migrations.ShouldContain(recording.Schema);
        recording.Statements.Count.ShouldBeGreaterThan(40);
        var database = await postgres.CreateMigratedAsync(seed: true);
        var isMarked = await Database.ScalarAsync<bool>(
            database,
            $"SELECT EXISTS (SELECT FROM schema_applied WHERE migration_id > '{recording.Schema}' AND required_release IS NOT NULL)");
        await using var connection = await Database.OpenAsync(Database.AsApp(database));
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);

        var refused = await Replay.RunAsync(connection, recording.Statements);

        (isMarked || refused is []).ShouldBeTrue(
            $"no migration is marked as breaking release {recording.Release}:\n{string.Join('\n', refused)}");
    }

    [Fact]
    public async Task Change_that_the_previous_release_cannot_live_with_is_found()
    {
        (string Change, string SqlState)[] breaks =
        [
            ("ALTER TABLE faq_entries DROP COLUMN position", PostgresErrorCodes.UndefinedColumn),
            ("ALTER TABLE businesses RENAME COLUMN greeting TO welcome", PostgresErrorCodes.UndefinedColumn),
            ("ALTER TABLE login_failures RENAME TO attempts", PostgresErrorCodes.UndefinedTable),
            ("REVOKE UPDATE ON businesses FROM prosaas_app", PostgresErrorCodes.InsufficientPrivilege),
            ("REVOKE SELECT ON accounts FROM prosaas_system", PostgresErrorCodes.InsufficientPrivilege),
            ("DROP POLICY audit_entries_of_business ON audit_entries", PostgresErrorCodes.InsufficientPrivilege),
            (
                "ALTER TABLE faq_entries ADD COLUMN c text NOT NULL DEFAULT ''; ALTER TABLE faq_entries ALTER COLUMN c DROP DEFAULT",
                PostgresErrorCodes.NotNullViolation),
            (
                "DELETE FROM businesses WHERE phone_e164 IS NULL; ALTER TABLE businesses ALTER COLUMN phone_e164 SET NOT NULL",
                PostgresErrorCodes.NotNullViolation),
            ("ALTER TABLE account_sessions ADD CHECK (ends_at < created_at)", PostgresErrorCodes.CheckViolation),
        ];
        var statements = Recording.Read().Statements;
        await using var connection = await Database.OpenAsync(await postgres.CreateMigratedAsync(seed: true));

        foreach (var (change, sqlState) in breaks)
        {
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await Database.ExecuteAsync(connection, $"{change}; SET SESSION AUTHORIZATION {DatabaseRoles.App}");

            (await Replay.RunAsync(connection, statements))
                .ShouldContain(refusal => refusal.StartsWith(sqlState, StringComparison.Ordinal), change);
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Change_that_the_previous_release_can_live_with_passes()
    {
        await using var connection = await Database.OpenAsync(await postgres.CreateMigratedAsync(seed: true));
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await Database.ExecuteAsync(connection, $"""
            ALTER TABLE faq_entries ADD COLUMN c text, ADD COLUMN d text NOT NULL DEFAULT '';
            CREATE TABLE of_the_future (id int NOT NULL);
            SET SESSION AUTHORIZATION {DatabaseRoles.App}
            """);

        (await Replay.RunAsync(connection, Recording.Read().Statements)).ShouldBeEmpty();
    }
}
