using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Conversations;
using ProSaas.Data;
using ProSaas.Data.Conversations;
using static ProSaas.Tests.Conversations.Replica;

namespace ProSaas.Tests.Conversations;

public sealed class TurnTests(PostgresFixture postgres)
{
    [Fact]
    public async Task First_message_of_a_customer_begins_a_conversation_and_later_ones_see_what_was_said()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);

        var first = await replica.AnswerAsync(Message("מתי פתוח?"), "כל יום");
        var second = await replica.StartAsync(Message("גם בשבת?"));

        first.History.ShouldBeEmpty();
        second.ConversationId.ShouldBe(first.ConversationId);
        second.History.Select(said => (said.Role, said.Text))
            .ShouldBe([(MessageRole.Customer, "מתי פתוח?"), (MessageRole.Agent, "כל יום")]);
        (second.Text, second.IsHandedOver, second.FencingToken).ShouldBe(("גם בשבת?", false, first.FencingToken + 1));
        second.AgentVersion.ShouldBe(await Database.ScalarAsync<long>(database, "SELECT agent_version FROM businesses WHERE id = 1"));
    }

    [Fact]
    public async Task Key_that_comes_again_gets_the_answer_it_had()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        await using var other = new Replica(database);
        var turn = await replica.StartAsync(Message("hello", key: "k"));
        var reply = (await replica.CompleteAsync(turn, Reply(turn, "hi", ownerMessage: "call me", handOver: true))).ShouldNotBeNull();

        (await other.BeginAsync(Message("hello", key: "k"))).Reply
            .ShouldBe(reply with { OwnerMessage = null, InputTokens = null, OutputTokens = null });

        (await Database.ScalarAsync<long>(database, "SELECT count(*) FROM messages")).ShouldBe(2);
    }

    [Fact]
    public async Task Key_with_another_message_is_refused_and_nothing_is_stored()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        await replica.AnswerAsync(Message("hello", key: "k"), "hi");
        await replica.StartAsync(Message("waiting", key: "open"));

        (await replica.BeginAsync(Message("goodbye", key: "k"))).Refusal.ShouldBe(TurnRefusal.KeyReused);
        (await replica.BeginAsync(Message("hello", key: "k", customer: "another"))).Refusal.ShouldBe(TurnRefusal.KeyReused);
        (await replica.BeginAsync(Message("hello", key: "k", channel: AgentChannel.Calls))).Refusal.ShouldBe(TurnRefusal.KeyReused);
        (await replica.BeginAsync(Message("not waiting", key: "open"))).Refusal.ShouldBe(TurnRefusal.KeyReused);

        (await Database.ScalarAsync<long>(database, "SELECT count(*) FROM messages")).ShouldBe(3);
        (await replica.BeginAsync(Message("hello", key: "k", business: 2))).Turn.ShouldNotBeNull("another business's keys are its own");
    }

    [Fact]
    public async Task One_key_at_two_replicas_at_once_is_answered_once_and_both_get_that_answer()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        await using var other = new Replica(database);

        var (here, there) = (replica.BeginAsync(Message("hello", key: "k")), other.BeginAsync(Message("hello", key: "k")));
        var first = await Task.WhenAny(here, there);
        var turn = (await first).Turn.ShouldNotBeNull();
        var (winner, waiting) = first == here ? (replica, there) : (other, here);
        var reply = (await winner.CompleteAsync(turn, "hi")).ShouldNotBeNull();

        (await waiting).Reply.ShouldBe(reply with { InputTokens = null, OutputTokens = null });
        (await Database.ScalarAsync<long>(database, "SELECT count(*) FROM messages WHERE role = 'agent'")).ShouldBe(1);
    }

    [Fact]
    public async Task Messages_wait_for_the_ones_before_them_whichever_replica_they_reach()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        await using var other = new Replica(database);
        var first = await replica.StartAsync(Message("1"));
        var second = other.BeginAsync(Message("2"));
        await WaitingAsync(database, 1);
        var third = replica.BeginAsync(Message("3"));
        await WaitingAsync(database, 2);

        await replica.CompleteAsync(first, "one");
        var turn = (await second).Turn.ShouldNotBeNull();
        third.IsCompleted.ShouldBeFalse();
        await other.CompleteAsync(turn, "two");

        var last = (await third).Turn.ShouldNotBeNull();
        last.History.Select(said => said.Text).ShouldBe(["1", "one", "2", "two"]);
    }

    [Fact]
    public async Task Process_that_dies_loses_its_turn_and_can_write_nothing_when_it_comes_back()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        await using var other = new Replica(database);
        var lost = await replica.StartAsync(Message("1", key: "k"));
        await ExpireAsync(database);

        var next = await other.StartAsync(Message("2"));

        (await replica.CompleteAsync(lost, Reply(lost, "late", ownerMessage: "late", handOver: true))).ShouldBeNull();
        (await replica.Turns.RenewAsync(lost, TestContext.Current.CancellationToken)).ShouldBeFalse();
        await replica.ReleaseAsync(lost);
        (await Database.ScalarAsync<long>(database,
            "SELECT (SELECT count(*) FROM owner_messages) + (SELECT count(*) FROM messages WHERE role = 'agent') + (SELECT count(*) FROM conversations WHERE handed_over_at IS NOT NULL)"))
            .ShouldBe(0);
        next.History.Select(said => said.Text).ShouldBe(["1"]);
        (await other.CompleteAsync(next, "two")).ShouldNotBeNull();
        (await replica.StartAsync(Message("1", key: "k"))).MessageId.ShouldBe(lost.MessageId);
    }

    [Fact]
    public async Task Turn_that_is_released_is_answered_when_the_message_comes_again()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        await using var other = new Replica(database);
        var released = await replica.StartAsync(Message("hello", key: "k"));
        await replica.ReleaseAsync(released);

        (await replica.CompleteAsync(released, "late")).ShouldBeNull();
        var again = await other.AnswerAsync(Message("hello", key: "k"), "hi");

        again.MessageId.ShouldBe(released.MessageId);
        again.History.ShouldBeEmpty();
    }

    [Fact]
    public async Task Request_that_is_cancelled_while_it_waits_lets_the_next_one_pass()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        await using var other = new Replica(database);
        var first = await replica.StartAsync(Message("1"));
        using var client = new CancellationTokenSource();
        var second = other.Turns.BeginAsync(Message("2"), client.Token);
        await WaitingAsync(database, 1);
        await client.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => second);

        await replica.CompleteAsync(first, "one");

        (await replica.StartAsync(Message("3"))).History.Select(said => said.Text).ShouldBe(["1", "one", "2"]);
    }

    [Fact]
    public async Task Message_that_waits_for_too_long_is_busy_and_answered_when_it_comes_again()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database, time: null, ("WaitTimeout", "00:00:00"));
        var first = await replica.StartAsync(Message("1"));

        (await replica.BeginAsync(Message("2", key: "k"))).Refusal.ShouldBe(TurnRefusal.Busy);
        await replica.CompleteAsync(first, "one");

        (await replica.StartAsync(Message("2", key: "k"))).History.Select(said => said.Text).ShouldBe(["1", "one"]);
    }

    [Fact]
    public async Task Conversations_of_others_are_not_waited_for()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database, time: null, ("WaitTimeout", "00:00:00"));

        var turns = new[]
        {
            await replica.StartAsync(Message("1")),
            await replica.StartAsync(Message("1", customer: "another")),
            await replica.StartAsync(Message("1", channel: AgentChannel.Calls)),
            await replica.StartAsync(Message("1", business: 2)),
        };

        turns.Select(turn => turn.ConversationId).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public async Task Silence_of_a_day_ends_a_conversation_unless_it_is_asked_for()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        var old = await replica.AnswerAsync(Message("1"), "one");
        await Database.ExecuteAsync(database, "UPDATE conversations SET last_message_at = now() - interval '24 hours 1 second'");

        var next = await replica.AnswerAsync(Message("2"), "two");

        next.ConversationId.ShouldNotBe(old.ConversationId);
        next.History.ShouldBeEmpty();
        (await replica.AnswerAsync(Message("3", conversation: old.ConversationId), "three")).History.Select(said => said.Text)
            .ShouldBe(["1", "one"]);
    }

    [Fact]
    public async Task What_cannot_be_answered_is_told_apart_and_not_stored()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        var other = await replica.AnswerAsync(Message("1", customer: "another"), "one");
        var elsewhere = await replica.AnswerAsync(Message("1", business: 2), "one");
        await Database.ExecuteAsync(
            database, "UPDATE businesses SET calls_enabled = false WHERE id = 1; UPDATE businesses SET is_active = false WHERE id = 3");
        var stored = await Database.ScalarAsync<long>(database, "SELECT count(*) FROM contacts");

        (await replica.BeginAsync(Message("1", business: 999_999))).Refusal.ShouldBe(TurnRefusal.BusinessUnknown);
        (await replica.BeginAsync(Message("1", business: 3))).Refusal.ShouldBe(TurnRefusal.BusinessInactive);
        (await replica.BeginAsync(Message("1", channel: AgentChannel.Calls))).Refusal.ShouldBe(TurnRefusal.ChannelDisabled);
        (await replica.BeginAsync(Message("1", conversation: other.ConversationId))).Refusal.ShouldBe(TurnRefusal.ConversationUnknown);
        (await replica.BeginAsync(Message("1", conversation: elsewhere.ConversationId))).Refusal.ShouldBe(TurnRefusal.ConversationUnknown);
        (await replica.BeginAsync(Message("1", conversation: 999_999))).Refusal.ShouldBe(TurnRefusal.ConversationUnknown);

        (await Database.ScalarAsync<long>(database, "SELECT count(*) FROM contacts")).ShouldBe(stored);
        (await Database.ScalarAsync<long>(database, "SELECT count(*) FROM messages")).ShouldBe(4);
    }

    [Fact]
    public async Task Answer_takes_a_message_for_the_owner_and_hands_over_with_it()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        var turn = await replica.StartAsync(Message("a person please"));

        var reply = await replica.CompleteAsync(turn, Reply(turn, "Of course.", ownerMessage: "Call Noa back", handOver: true));

        (reply!.MessageTaken, reply.HandedOver).ShouldBe((true, true));
        (await Database.ColumnAsync(database, "SELECT text FROM owner_messages")).ShouldBe(["Call Noa back"]);
        (await replica.StartAsync(Message("hello?"))).IsHandedOver.ShouldBeTrue();
    }

    [Fact]
    public async Task Activity_of_a_business_is_recorded_once_a_minute_and_leaves_its_agents_as_they_are()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        await Database.ExecuteAsync(database, "UPDATE businesses SET last_activity_at = now() - interval '2 minutes' WHERE id = 1");
        const string Versions = "SELECT xmin::text || ' ' || agent_version || ' ' || last_activity_at FROM businesses WHERE id = 1";
        var before = await Database.ScalarAsync<string>(database, Versions);
        var turn = await replica.AnswerAsync(Message("1"), "one");
        var recorded = await Database.ScalarAsync<string>(database, Versions);

        var next = await replica.AnswerAsync(Message("2"), "two");

        recorded.ShouldNotBe(before);
        (await Database.ScalarAsync<string>(database, Versions)).ShouldBe(recorded);
        next.AgentVersion.ShouldBe(turn.AgentVersion);
    }

    [Fact]
    public async Task Connection_that_is_told_to_keeps_the_plans_of_a_turns_statements()
    {
        await using var replica = new Replica($"{await postgres.CreateMigratedAsync(seed: true)};Maximum Pool Size=1;Max Auto Prepare=100");
        foreach (var number in Enumerable.Range(1, 6))
        {
            await replica.AnswerAsync(Message($"{number}"), "yes");
        }

        await using var scope = replica.Host.Services.CreateAsyncScope();
        var kept = await scope.ServiceProvider.GetRequiredService<UnitOfWork>().ForBusinessAsync(
            Business,
            (context, token) => context.Database.SqlQuery<string>($"SELECT statement FROM pg_prepared_statements").ToListAsync(token),
            TestContext.Current.CancellationToken);

        kept.ShouldContain(TurnSql.Take);
        kept.ShouldContain(TurnSql.Complete);
    }

    [Fact]
    public async Task Stored_message_keeps_its_place_until_its_reply_is_delivered()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        var stored = Message("1", key: "k");
        (await StoreAsync(replica, stored)).ShouldBe(StoreOutcome.Stored);
        var next = replica.BeginAsync(Message("2"));
        await WaitingAsync(database, 2);

        var turn = (await replica.Turns.TryTakeAsync(stored, TestContext.Current.CancellationToken))
            .ShouldNotBeNull().Turn.ShouldNotBeNull();
        (await replica.Turns.CompleteAsync(turn, Reply(turn, "one"), keepTurn: true, TestContext.Current.CancellationToken))
            .ShouldNotBeNull();
        next.IsCompleted.ShouldBeFalse();
        (await replica.Turns.TryTakeAsync(stored, TestContext.Current.CancellationToken)).ShouldBeNull("it is being delivered");
        await replica.ReleaseAsync(turn);

        (await next).Turn.ShouldNotBeNull().History.Select(said => said.Text).ShouldBe(["1", "one"]);
    }

    [Fact]
    public async Task Reply_that_was_not_delivered_comes_with_the_next_turn()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var replica = new Replica(database);
        var stored = Message("1", key: "k");
        await StoreAsync(replica, stored);
        var first = (await replica.Turns.TryTakeAsync(stored, TestContext.Current.CancellationToken))
            .ShouldNotBeNull().Turn.ShouldNotBeNull();
        var reply = await replica.Turns.CompleteAsync(first, Reply(first, "one"), keepTurn: true, TestContext.Current.CancellationToken);
        await ExpireAsync(database);

        var second = (await replica.Turns.TryTakeAsync(stored, TestContext.Current.CancellationToken))
            .ShouldNotBeNull().Turn.ShouldNotBeNull();

        second.Reply.ShouldNotBeNull().ShouldBe(reply! with { InputTokens = null, OutputTokens = null });
        second.FencingToken.ShouldBe(first.FencingToken + 1);
    }

    private static Task<StoreOutcome> StoreAsync(Replica replica, CustomerMessage message) => replica.Turns.StoreAsync(
        message, TimeSpan.FromHours(24), BatchStatement.Of(
            "UPDATE messages SET text = text WHERE false"), TestContext.Current.CancellationToken);

    private static Task WaitingAsync(string database, long messages) => Eventually.TrueAsync(
        async () => await Database.ScalarAsync<long>(database, "SELECT count(*) FROM messages WHERE waits_until > now()") == messages,
        $"{messages} messages wait");

    private static Task ExpireAsync(string database) =>
        Database.ExecuteAsync(database, "UPDATE conversations SET lease_expires_at = now() - interval '1 second'");
}
