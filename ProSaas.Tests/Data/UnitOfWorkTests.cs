using Microsoft.EntityFrameworkCore;
using ProSaas.Data;
using ProSaas.Data.Businesses;

namespace ProSaas.Tests.Data;

public sealed class UnitOfWorkTests(PostgresFixture postgres)
{
    private const string WhoAmI = """
        SELECT current_user || '/' || session_user || '/'
            || coalesce(nullif(current_setting('app.business_id', true), ''), 'none') AS "Value"
        """;

    [Fact]
    public async Task Command_outside_a_unit_of_work_is_refused_before_it_reaches_the_database()
    {
        await using var data = new DataServices(Database.AsApp(await postgres.CreateMigratedAsync(seed: true)));

        await Should.ThrowAsync<InvalidOperationException>(() =>
            data.InScopeAsync((_, context) => context.Businesses.CountAsync(TestContext.Current.CancellationToken)));
        await Should.ThrowAsync<InvalidOperationException>(() => data.InScopeAsync(async (_, context) =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            return await context.Database.ExecuteSqlAsync($"UPDATE businesses SET name = name", TestContext.Current.CancellationToken);
        }));
        Should.Throw<InvalidOperationException>(() => data.InScopeAsync((_, context) => Task.FromResult(context.FaqEntries.Count())));
    }

    [Fact]
    public async Task Connection_check_of_a_health_check_needs_no_unit_of_work()
    {
        await using var data = new DataServices(Database.AsApp(await postgres.CreateMigratedAsync()));

        (await data.InScopeAsync((_, context) => context.Database.CanConnectAsync(TestContext.Current.CancellationToken))).ShouldBeTrue();
    }

    [Fact]
    public async Task Unit_of_a_business_runs_as_the_apis_role_bound_to_it_and_one_of_the_system_as_the_system_role()
    {
        await using var data = new DataServices(Database.AsApp(await postgres.CreateMigratedAsync(seed: true)));

        (await data.ForBusinessAsync(3, WhoAmIAsync)).ShouldBe("prosaas_app/prosaas_app/3");
        (await data.AsSystemAsync(WhoAmIAsync)).ShouldBe("prosaas_system/prosaas_app/none");
    }

    [Fact]
    public async Task Pooled_connection_carries_nothing_into_the_next_use()
    {
        var one = new NpgsqlConnectionStringBuilder(Database.AsApp(await postgres.CreateMigratedAsync(seed: true)))
        {
            MinPoolSize = 1,
            MaxPoolSize = 1,
            NoResetOnClose = true,
        }.ConnectionString;
        await using var data = new DataServices(one);

        var during = await data.ForBusinessAsync(3, BackendAsync);
        await data.AsSystemAsync(BackendAsync);
        await Should.ThrowAsync<TimeZoneNotFoundException>(() =>
            data.ForBusinessAsync<int>(4, (_, _) => throw new TimeZoneNotFoundException()));

        (await Database.ScalarAsync<int>(one, "SELECT pg_backend_pid()")).ShouldBe(during);
        (await Database.ScalarAsync<string>(one, WhoAmI)).ShouldBe("prosaas_app/prosaas_app/none");
        (await Database.ScalarAsync<long>(one, "SELECT count(*) FROM businesses")).ShouldBe(0);
    }

    [Fact]
    public async Task Work_is_replayed_whole_and_on_an_empty_tracker_when_the_connection_dies()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var data = new DataServices(Database.AsApp(database));
        var attempts = 0;

        await data.ForBusinessAsync(1, async (context, token) =>
        {
            context.ChangeTracker.Entries().ShouldBeEmpty();
            context.FaqEntries.Add(new FaqEntry { BusinessId = 1, Question = "Twice?", Answer = "Once." });
            await context.SaveChangesAsync(token);
            if (++attempts == 1)
            {
                await Database.ExecuteAsync(database, $"SELECT pg_terminate_backend({await BackendAsync(context, token)})");
                await context.Businesses.CountAsync(token);
            }

            return 0;
        });

        attempts.ShouldBe(2);
        (await Database.ScalarAsync<long>(database, "SELECT count(*) FROM faq_entries WHERE question = 'Twice?'")).ShouldBe(1);
    }

    [Fact]
    public async Task Connection_lost_during_the_commit_is_told_and_not_replayed()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await Database.ExecuteAsync(database, """
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER die AFTER INSERT ON faq_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die();
            """);
        await using var data = new DataServices(Database.AsApp(database));
        var attempts = 0;

        await Should.ThrowAsync<CommitOutcomeUnknownException>(() => data.ForBusinessAsync(1, async (context, token) =>
        {
            attempts++;
            context.FaqEntries.Add(new FaqEntry { BusinessId = 1, Question = "Committed?", Answer = "Who knows." });
            return await context.SaveChangesAsync(token);
        }));

        attempts.ShouldBe(1);
    }

    [Fact]
    public async Task Work_that_throws_is_rolled_back()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var data = new DataServices(Database.AsApp(database));

        await Should.ThrowAsync<TimeZoneNotFoundException>(() => data.ForBusinessAsync<int>(1, async (context, token) =>
        {
            await context.FaqEntries.ExecuteDeleteAsync(token);
            throw new TimeZoneNotFoundException();
        }));

        (await Database.ScalarAsync<long>(database, "SELECT count(*) FROM faq_entries WHERE business_id = 1")).ShouldBe(4);
    }

    [Fact]
    public async Task Batch_is_bound_as_a_unit_of_work_and_carries_nothing_into_the_next_use()
    {
        var one = new NpgsqlConnectionStringBuilder(Database.AsApp(await postgres.CreateMigratedAsync(seed: true)))
        {
            MaxPoolSize = 1,
            NoResetOnClose = true
        }.ConnectionString;
        await using var data = new DataServices(one);

        (await data.InScopeAsync((unit, _) => unit.BatchForBusinessAsync(
            3, AskWhoAmI, ReadAsync<string>, TestContext.Current.CancellationToken))).ShouldBe("prosaas_app/prosaas_app/3");
        (await data.InScopeAsync((unit, _) =>
            unit.BatchAsSystemAsync("test", AskWhoAmI, ReadAsync<string>, TestContext.Current.CancellationToken)))
            .ShouldBe("prosaas_system/prosaas_app/none");

        (await Database.ScalarAsync<string>(one, WhoAmI)).ShouldBe("prosaas_app/prosaas_app/none");
        (await Database.ScalarAsync<long>(one, "SELECT count(*) FROM businesses")).ShouldBe(0);

        static void AskWhoAmI(NpgsqlBatch batch) => batch.BatchCommands.Add(new NpgsqlBatchCommand(WhoAmI));
    }

    [Fact]
    public async Task Batch_of_which_one_statement_fails_changes_nothing()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var data = new DataServices(Database.AsApp(database));

        await Should.ThrowAsync<PostgresException>(() =>
            data.InScopeAsync((unit, _) => unit.BatchForBusinessAsync(1, Fill, ReadAsync<int>, TestContext.Current.CancellationToken)));

        (await Database.ScalarAsync<long>(database, "SELECT count(*) FROM faq_entries WHERE business_id = 1")).ShouldBe(4);

        static void Fill(NpgsqlBatch batch)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("DELETE FROM faq_entries WHERE business_id = 1"));
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT 1 / 0"));
        }
    }

    [Fact]
    public async Task Batch_is_sent_again_when_its_connection_dies_whether_it_was_committed_or_not()
    {
        var database = await postgres.CreateMigratedAsync(seed: true);
        await using var data = new DataServices(Database.AsApp(database));
        var attempts = 0;

        var counted = await data.InScopeAsync((unit, _) => unit.BatchForBusinessAsync(
            1,
            batch =>
            {
                if (++attempts == 1)
                {
                    batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT pg_terminate_backend(pg_backend_pid())"));
                }

                batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT count(*) FROM businesses"));
            },
            ReadAsync<long>,
            TestContext.Current.CancellationToken));

        (attempts, counted).ShouldBe((2, 1L));
    }

    [Fact]
    public async Task Units_of_work_do_not_nest()
    {
        await using var data = new DataServices(Database.AsApp(await postgres.CreateMigratedAsync()));

        var refusal = await Should.ThrowAsync<InvalidOperationException>(() => data.InScopeAsync((unit, _) => unit.AsSystemAsync(
            "outer",
            (_, cancellationToken) => unit.ForBusinessAsync(1, (context, token) => context.Businesses.CountAsync(token), cancellationToken),
            TestContext.Current.CancellationToken)));

        refusal.Message.ShouldContain("do not nest");
    }

    [Fact]
    public async Task Changes_left_unsaved_are_an_error_and_not_lost_silently()
    {
        await using var data = new DataServices(Database.AsApp(await postgres.CreateMigratedAsync(seed: true)));

        var refusal = await Should.ThrowAsync<InvalidOperationException>(() => data.ForBusinessAsync(1, async (context, token) =>
        {
            (await context.Businesses.SingleAsync(token)).Name = "Forgotten";
            return 0;
        }));

        refusal.Message.ShouldContain("unsaved");
    }

    [Fact]
    public async Task Key_that_no_business_can_have_and_a_system_unit_without_a_purpose_are_refused()
    {
        await using var data = new DataServices(Database.AsApp(await postgres.CreateDatabaseAsync()));

        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => data.ForBusinessAsync(0, WhoAmIAsync));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => data.ForBusinessAsync(-1, WhoAmIAsync));
        await Should.ThrowAsync<ArgumentException>(() =>
            data.InScopeAsync((unit, _) => unit.AsSystemAsync(" ", WhoAmIAsync, TestContext.Current.CancellationToken)));
    }

    private static async Task<T> ReadAsync<T>(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        (await rows.ReadAsync(cancellationToken)).ShouldBeTrue();
        return await rows.GetFieldValueAsync<T>(0, cancellationToken);
    }

    private static Task<string> WhoAmIAsync(ProSaasDbContext context, CancellationToken cancellationToken) =>
        context.Database.SqlQueryRaw<string>(WhoAmI).SingleAsync(cancellationToken);

    private static Task<int> BackendAsync(ProSaasDbContext context, CancellationToken cancellationToken) =>
        context.Database.SqlQueryRaw<int>("""SELECT pg_backend_pid() AS "Value" """).SingleAsync(cancellationToken);
}
