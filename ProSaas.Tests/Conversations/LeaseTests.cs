using ProSaas.Api.Conversations;
using static ProSaas.Tests.Conversations.Replica;

namespace ProSaas.Tests.Conversations;

public sealed class LeaseTests(PostgresFixture postgres)
{
    private const string NearlyOver = "UPDATE conversations SET lease_expires_at = now() + interval '1 second'";
    private const string Left = "SELECT coalesce(extract(epoch FROM lease_expires_at - now()), 0)::float8 FROM conversations";

    [Fact]
    public async Task Turn_that_is_open_is_renewed_and_one_that_has_ended_is_not()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var replica = new Replica(database, time, ("LeaseDuration", "00:01:00"));
        await replica.Host.StartAsync(TestContext.Current.CancellationToken);
        var turn = await replica.StartAsync(Message("1"));
        (await Database.ScalarAsync<double>(database, Left)).ShouldBeInRange(30, 60);
        await Database.ExecuteAsync(database, NearlyOver);

        time.Advance(TimeSpan.FromSeconds(20));
        await Eventually.TrueAsync(async () => await Database.ScalarAsync<double>(database, Left) > 30, "the lease is renewed");

        await replica.CompleteAsync(turn, "one");
        time.Advance(TimeSpan.FromSeconds(20));
        (await Database.ScalarAsync<double>(database, Left)).ShouldBe(0);
        await replica.Host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Turn_that_was_forgotten_is_lost_in_the_end()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var replica = new Replica(database, time, ("LeaseDuration", "00:01:00"));
        await replica.Host.StartAsync(TestContext.Current.CancellationToken);
        var turn = await replica.StartAsync(Message("1"));

        time.Advance(LeaseRenewal.LongestTurn + TimeSpan.FromSeconds(20));
        await Eventually.TrueAsync(() => replica.Log.GetSnapshot()
            .Any(record => record.Message.Contains($"conversation {turn.ConversationId} was lost", StringComparison.Ordinal)),
            "it is given up");

        await replica.Host.StopAsync(TestContext.Current.CancellationToken);
    }
}
