using CsCheck;
using ProSaas.Api.Conversations;
using static ProSaas.Tests.Conversations.Replica;

namespace ProSaas.Tests.Conversations;

/// <summary>Messages of a few customers reach two replicas at once, some twice; turns are answered, given back, or die.</summary>
public sealed class TurnPropertyTests(PostgresFixture postgres)
{
    private enum Fate
    {
        Answers,
        GivesBack,
        Dies,
    }

    [Fact]
    public async Task Whatever_happens_one_turn_at_a_time_is_open_and_each_message_has_one_answer()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var here = new Replica(database);
        await using var there = new Replica(database);
        var run = 0;
        var request = Gen.Select(Gen.Bool, Gen.Int[0, 5], Gen.Frequency(
            (3, Gen.Const(Fate.Answers)), (1, Gen.Const(Fate.GivesBack)), (1, Gen.Const(Fate.Dies))));

        await request.Array[4, 14].SampleAsync(
            async requests => await new Schedule(database, Interlocked.Increment(ref run))
                .RunAsync([.. requests.Select(one => (one.Item1 ? here : there, one.Item2, one.Item3))]),
            iter: 8,
            threads: 1);
    }

    private sealed class Schedule(string database, int run)
    {
        private readonly ConcurrentDictionary<long, int> _open = new();
        private readonly ConcurrentDictionary<int, AgentReply> _replies = new();

        public async Task RunAsync((Replica Replica, int Message, Fate Fate)[] requests)
        {
            await Task.WhenAll(requests.Select(request => SendAsync(request.Replica, request.Message, request.Fate)));
            foreach (var message in requests.Select(request => request.Message).Distinct())
            {
                await SendAsync(requests[0].Replica, message, Fate.Answers);
            }

            (await Database.ScalarAsync<long>(database, $"SELECT count(*) FROM messages WHERE role = 'agent' AND text LIKE '{run}/%'"))
                .ShouldBe(_replies.Count);
            (await Database.ScalarAsync<long>(database, $"SELECT count(*) FROM messages WHERE role = 'customer' AND text LIKE '{run}/%'"))
                .ShouldBe(_replies.Count);
            (await Database.ScalarAsync<long>(database,
                "SELECT (SELECT count(*) FROM conversations WHERE lease_owner IS NOT NULL) + (SELECT count(*) FROM messages WHERE waits_until IS NOT NULL)"))
                .ShouldBe(0);
        }

        private async Task SendAsync(Replica replica, int number, Fate fate)
        {
            var message = Message($"{run}/{number}", key: $"{run}/{number}", customer: $"{run}/{number % 2}");
            var start = await replica.BeginAsync(message);
            if (start.Reply is { } reply)
            {
                _replies.GetOrAdd(number, reply).MessageId.ShouldBe(reply.MessageId);
                return;
            }

            var turn = start.Turn.ShouldNotBeNull();
            _open.AddOrUpdate(turn.ConversationId, 1, (_, open) => open + 1).ShouldBe(1, "turns of one conversation overlap");
            await Task.Yield();
            _open.AddOrUpdate(turn.ConversationId, 0, (_, open) => open - 1);
            await EndAsync(replica, turn, number, fate);
        }

        private async Task EndAsync(Replica replica, Turn turn, int number, Fate fate)
        {
            if (fate is Fate.Answers)
            {
                var reply = (await replica.CompleteAsync(turn, $"{run}/{number}")).ShouldNotBeNull();
                _replies.GetOrAdd(number, reply).MessageId.ShouldBe(reply.MessageId, "answered twice");
            }
            else if (fate is Fate.GivesBack)
            {
                await replica.ReleaseAsync(turn);
            }
            else
            {
                await Database.ExecuteAsync(database,
                    $"UPDATE conversations SET lease_expires_at = now() - interval '1 second' WHERE id = {turn.ConversationId} AND fencing_token = {turn.FencingToken}");
            }
        }
    }
}
