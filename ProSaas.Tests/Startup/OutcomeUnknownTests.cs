namespace ProSaas.Tests.Startup;

/// <summary>
/// The network to the database fails while a change is being committed: whether the request notices first or the probe, nobody is told
/// that nothing happened.
/// </summary>
public sealed class OutcomeUnknownTests(PostgresFixture postgres)
{
    public static TheoryData<string, bool> Losses => new()
    {
        { "faq_entries", false }, { "faq_entries", true }, { "messages", false }, { "messages", true },
    };

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Commit_whose_answer_is_lost_is_told_as_unknown_also_when_the_probe_noticed_first(string table, bool probeFirst)
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        await using var relay = TcpRelay.Before(database, out var relayed);
        await using var api = await TestApi.StartAsync(relayed);
        using var client = await LogInAsync(api, database);
        await using var blocker = await HoldCommitsAsync(database, table);

        var sending = table is "messages"
            ? client.PostAsync("/api/businesses/1/agents/whatsapp/messages", new { customer = "a", text = "Hi" })
            : client.PostAsync("/api/businesses/1/faq", new { question = "Open?", answer = "Yes.", position = 1 });
        await Eventually.TrueAsync(() => CommitWaitsAsync(database), "the commit waits");
        if (probeFirst)
        {
            relay.FallSilent(alsoNew: true);
        }
        else
        {
            await relay.CutAsync();
        }

        var answer = await sending;

        (answer.Status, answer.Problem).ShouldBe(
            (HttpStatusCode.ServiceUnavailable, "outcome-unknown"), $"{answer.Text}\n{string.Join('\n', api.Service.Lines)}");
        answer.Text.ShouldNotContain("ry again");
    }

    internal static Task<bool> CommitWaitsAsync(TestDatabase database) => Database.ScalarAsync<bool>(database.Owner, """
        SELECT EXISTS (
            SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
            WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objid = 7 AND NOT l.granted)
        """);

    private static async Task<ApiClient> LogInAsync(TestApi api, TestDatabase database)
    {
        var account = await new TestAccounts(database).CreateAsync(memberships: [(1, "owner")]);
        var client = await api.LogInAsync(account);
        client.ComesAgain = false;
        return client;
    }

    /// <summary>Commits that wrote to the table wait until the connection is closed.</summary>
    internal static async Task<NpgsqlConnection> HoldCommitsAsync(TestDatabase database, string table)
    {
        await Database.ExecuteAsync(database.Owner, $"""
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(7); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold();
            """);
        var blocker = await Database.OpenAsync(database.Owner);
        await Database.ExecuteAsync(blocker, "SELECT pg_advisory_lock(7)");
        return blocker;
    }
}
