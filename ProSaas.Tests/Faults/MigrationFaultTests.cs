using System.Runtime.InteropServices;
using ProSaas.Data.Schema;
using ProSaas.Testing.Linked.Pending;
using ProSaas.Tests.Migrations;

namespace ProSaas.Tests.Faults;

/// <summary>
/// What goes wrong with the migration worker while an API waits for it. Those that the contract names are in the ordinary run too.
/// </summary>
[Trait(FaultLength.Trait, FaultLength.Long)]
public sealed class MigrationFaultTests(PostgresFixture postgres, FaultReport report)
{
    private const string TimeoutLine = "❌ Agent warmup timeout waiting for migrations";

    private static readonly (string, string) ShortTimeout = ("Startup__MigrationTimeout", "00:00:01");

    [Fact(Explicit = true)]
    public async Task Two_migrators_at_once_work_one_after_the_other()
    {
        await using var fault = await FaultCase.CreatePendingAsync(postgres, report, FaultList.TwoMigrators);
        await using var block = await MigrationBlock.InsideAsync(fault.Database.Owner, PendingMigrations.Table);
        var api = fault.StartApi();
        var first = fault.StartWorker();
        await block.UntilReachedAsync();
        var second = fault.StartWorker();
        await fault.SaysAsync(second, "Another migrator is at work: waiting for it");
        await fault.RefusesAsync(api, "starting", "initializing");

        await block.ReleaseAsync();
        await fault.RecoversAsync(api, within: 10, "the first goes on");
        (await first.WaitForExitAsync()).ShouldBe(0);
        (await second.WaitForExitAsync()).ShouldBe(0);
        fault.Served("both migrators exit 0");
        await fault.NothingIsLostAfterAsync(block, postgres);
        await fault.ServesAsync(api);
    }

    [Fact]
    public async Task Migrator_killed_inside_a_migration_is_finished_by_the_next()
    {
        await using var fault = await FaultCase.CreatePendingAsync(postgres, report, FaultList.KilledInMigration);
        await using var block = await MigrationBlock.InsideAsync(fault.Database.Owner, PendingMigrations.Table);
        var api = fault.StartApi();
        var killed = fault.StartWorker();
        await block.UntilReachedAsync();

        await killed.KillAsync();
        await block.UntilGoneAsync();
        await NothingPendingIsAppliedAsync(fault);
        await fault.RefusesAsync(api, "starting", "initializing");
        await fault.FinishAsync(postgres, api, block);
        await fault.ServesAsync(api);
        (await RunsAsync(fault)).ShouldBe(["failed abandoned", "succeeded"]);
    }

    [Fact(Explicit = true)]
    public async Task Migrator_whose_machine_is_gone_is_finished_by_the_next()
    {
        await using var link = await PrivateLink.CreateAsync();
        await using var server = PostgresFixture.With($"listen_addresses=127.0.0.1,{link.Here}", $"hba_file={link.AccessFile}");
        await using var fault = await FaultCase.CreatePendingAsync(server, report, FaultList.MigratorGone);
        await using var block = await MigrationBlock.InsideAsync(fault.Database.Owner, PendingMigrations.Table);
        var api = fault.StartApi();
        var gone = fault.StartWorkerBehind(link);
        await block.UntilReachedAsync();

        await link.CutAsync();
        await gone.KillAsync();
        await fault.RecoversAsync("the server ends the session that nobody is behind", within: 10, async () => !await block.IsHeldAsync());
        await NothingPendingIsAppliedAsync(fault);
        await fault.RefusesAsync(api, "starting", "initializing");
        await fault.FinishAsync(server, api, block);
        await fault.ServesAsync(api);
    }

    [Fact]
    public async Task Migrator_killed_between_migrating_and_seeding_is_finished_by_the_next()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.KilledBeforeSeed);
        await using var block = await MigrationBlock.InsideSeedAsync(fault.Database.Owner);
        var api = fault.StartApi();
        var killed = fault.StartWorker();
        await block.UntilReachedAsync();

        await killed.KillAsync();
        await block.UntilGoneAsync();
        (await Database.ScalarAsync<long>(fault.Database.Owner, "SELECT count(*) FROM businesses")).ShouldBe(0);
        await fault.RefusesAsync(api, "starting", "initializing");
        await Database.ExecuteAsync(fault.Database.Owner, "DROP TRIGGER test_block ON businesses");
        await fault.FinishAsync(postgres, api, block);
        await fault.ServesAsync(api);
    }

    [Fact]
    public async Task Migration_that_throws_keeps_the_gate_shut_until_one_succeeds()
    {
        await using var fault = await FaultCase.CreatePendingAsync(postgres, report, FaultList.MigrationThrows);
        await Database.ExecuteAsync(fault.Database.Owner, $"CREATE TABLE {PendingMigrations.Table} (in_the_way int)");
        var api = fault.StartApi();
        var failing = fault.StartWorker();
        await fault.ExitsAsync(failing, "the migrator", code: 1, within: 120);
        await failing.UntilLineAsync("The migration run ended with an exception");
        failing.Lines.ShouldContain(line =>
            line.Contains("ERROR", StringComparison.Ordinal) && line.EndsWith("❌ MIGRATION FAILED", StringComparison.Ordinal));
        (await RunsAsync(fault)).ShouldBe(["failed Npgsql.PostgresException 42P07"]);
        await NothingPendingIsAppliedAsync(fault);
        await fault.SaysAsync(api, "❌ MIGRATION FAILED");
        await fault.RefusesAsync(api, "starting", "initializing");
        var shown = (await FaultCase.GetAsync(api, "/api/startup")).Json
            .GetProperty("workerLastFailure").GetProperty("errorType").GetString();
        shown.ShouldBe("Npgsql.PostgresException 42P07");
        fault.Served("`/api/startup` names `42P07`");

        await Database.ExecuteAsync(fault.Database.Owner, $"DROP TABLE {PendingMigrations.Table}");
        await fault.FinishAsync(postgres, api);
        await fault.ServesAsync(api);
    }

    [Fact]
    public async Task Migrator_stopped_by_hand_does_not_count_as_completed()
    {
        await using var fault = await FaultCase.CreatePendingAsync(postgres, report, FaultList.StoppedByHand);
        await using var block = await MigrationBlock.InsideAsync(fault.Database.Owner, PendingMigrations.Table);
        var api = fault.StartApi();
        var stopped = fault.StartWorker();
        await block.UntilReachedAsync();

        stopped.Signal(PosixSignal.SIGTERM);
        await fault.ExitsAsync(stopped, "the migrator", code: 143);
        await fault.SaysAsync(stopped, "The migration run was cancelled; the next run goes on where it stopped");
        (await Database.ScalarAsync<string>(fault.Database.Owner, "SELECT state FROM migration_runs")).ShouldBe(MigrationRun.Failed);
        await NothingPendingIsAppliedAsync(fault);
        await fault.RefusesAsync(api, "starting", "initializing");
        await fault.FinishAsync(postgres, api, block);
        await fault.ServesAsync(api);
    }

    [Fact(Explicit = true)]
    public async Task Migration_slower_than_the_timeout_stops_an_api_in_development()
    {
        await using var fault = await FaultCase.CreatePendingAsync(postgres, report, FaultList.SlowInDevelopment);
        await using var block = await MigrationBlock.InsideAsync(fault.Database.Owner, PendingMigrations.Table);
        var worker = fault.StartWorker();
        await block.UntilReachedAsync();
        var late = fault.StartApi(ShortTimeout);
        await fault.ExitsAsync(late, "the API", code: 1);
        await fault.SaysAsync(late, TimeoutLine);

        await block.ReleaseAsync();
        (await worker.WaitForExitAsync()).ShouldBe(0);
        var api = fault.StartApi();
        await fault.RecoversAsync(api, within: 30, "its next start");
        await fault.NothingIsLostAfterAsync(block, postgres);
        await fault.ServesAsync(api);
    }

    [Fact(Explicit = true)]
    public async Task Migration_slower_than_the_timeout_is_waited_for_in_production()
    {
        await using var fault = await FaultCase.CreatePendingAsync(postgres, report, FaultList.SlowInProduction);
        await using var block = await MigrationBlock.InsideAsync(fault.Database.Owner, PendingMigrations.Table);
        var worker = fault.StartWorker();
        await block.UntilReachedAsync();
        var api = fault.StartApi(ShortTimeout, ("PRODUCTION", "1"));
        await fault.SaysAsync(api, TimeoutLine);
        await fault.SaysAsync(api, "⚠️ Skipping agent warmup in production due to timeout");
        await fault.RefusesAsync(api, "starting", "initializing");

        await block.ReleaseAsync();
        await fault.RecoversAsync(api, within: 10, "the migration goes on");
        (await worker.WaitForExitAsync()).ShouldBe(0);
        await api.UntilLineAsync("🔥 WARMUP: Pre-creating agents for active businesses...");
        await fault.NothingIsLostAfterAsync(block, postgres);
        await fault.LetsThroughAsync(api);
    }

    [Fact(Explicit = true)]
    public async Task Notification_that_is_lost_is_made_up_for()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.NotificationLost);
        await fault.Database.MigrateAsync();
        await fault.RememberRowsAsync();
        var last = SchemaContract.Migrations[^1];
        await Database.ExecuteAsync(fault.Database.Owner,
            $"DELETE FROM \"__EFMigrationsHistory\" WHERE migration_id = '{last}'; DROP TRIGGER schema_applied_notify ON schema_applied");
        var api = fault.StartApi();
        await fault.RefusesAsync(api, "starting", "initializing");

        await Database.ExecuteAsync(fault.Database.Owner, $"INSERT INTO \"__EFMigrationsHistory\" VALUES ('{last}', 'test')");
        await fault.RecoversAsync(api, within: 3, "the last migration");
        await fault.NothingIsLostAsync();
        await fault.ServesAsync(api);
    }

    [Fact(Explicit = true)]
    public async Task Disk_that_is_full_fails_the_migration_and_the_next_run_finishes_it()
    {
        await using var disk = await FullDisk.CreateAsync();
        await using var fault = FaultCase.Create(report, FaultList.DiskFullMigrator, disk.Database);
        await disk.FillAsync();
        var api = fault.StartApi();
        await FailsAsync(fault, api);

        await disk.FreeAsync();
        await fault.FinishAsync(postgres, api);
        await fault.ServesAsync(api);
    }

    [Fact(Explicit = true)]
    public async Task Database_that_is_read_only_fails_the_migration_and_the_next_run_finishes_it()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.ReadOnlyMigrator);
        await fault.Database.ExecuteOnServerAsync($"ALTER DATABASE \"{fault.Database.Name}\" SET default_transaction_read_only = on");
        var api = fault.StartApi();
        await FailsAsync(fault, api);

        await fault.Database.ExecuteOnServerAsync($"ALTER DATABASE \"{fault.Database.Name}\" RESET default_transaction_read_only");
        await fault.FinishAsync(postgres, api);
        await fault.ServesAsync(api);
    }

    [Fact(Explicit = true)]
    public async Task Lock_that_a_session_holds_is_told_with_its_holder_and_waited_for()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.LockHeld);
        var (_, client) = await fault.StartReadyAsync(("Budgets__ListsPerAccount", "100000"), ("Budgets__ListsPerBusiness", "100000"));
        var session = new NpgsqlConnectionStringBuilder(fault.Database.Owner) { ApplicationName = "nightly report", Pooling = false };
        await using var holder = await Database.OpenAsync(session.ConnectionString);
        await Database.ExecuteAsync(holder, "BEGIN; SELECT FROM faq_entries LIMIT 1");

        var worker = fault.StartWorker(PendingMigrations.Environment);
        var longest = TimeSpan.Zero;
        await Eventually.TrueAsync(
            async () =>
            {
                var asked = Stopwatch.GetTimestamp();
                var answer = await client.GetAsync("/api/businesses/1/faq");
                answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
                longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(asked).Ticks));
                return worker.Lines.Count(line => line.Contains("gave its lock up", StringComparison.Ordinal)) >= 3;
            },
            "three tries gave up");
        longest.ShouldBeLessThan(TimeSpan.FromSeconds(1));
        fault.Served("meanwhile every request for the table, each within 1 s");
        await worker.UntilLineAsync($"faq_entries, held by pid {holder.ProcessID} ('nightly report'");
        await fault.SaysAsync(worker, "waits for a lock");
        await fault.SaysAsync(worker, "faq_entries, held by pid");

        await Database.ExecuteAsync(holder, "ROLLBACK");
        await fault.RecoversAsync("the migrator exits after the lock is free", within: 60, () => Task.FromResult(worker.HasExited));
        (await worker.WaitForExitAsync()).ShouldBe(0, string.Join('\n', worker.Lines));
        (await SchemaDump.OfAsync(fault.Database.Owner)).ShouldBe(await SchemaDump.OfPendingAsync(postgres));
        fault.Lost("nothing");
        await fault.ServesAsync(client);
    }

    [Fact(Explicit = true)]
    public async Task Pooler_of_transactions_is_refused_by_name_and_nothing_is_changed()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.TransactionPooler);
        await fault.Database.MigrateAsync();
        var before = await SchemaDump.OfAsync(fault.Database.Owner);
        await using var pooler = await Pooler.StartAsync(fault.Database.Owner);
        await MigratorConnectionTests.UntilPoolsAsync(pooler, connections: 1);

        var worker = fault.StartWorker(("ConnectionStrings__prosaasdb", pooler.ConnectionString));
        await fault.ExitsAsync(worker, "the migrator", code: 78);
        await fault.SaysAsync(worker, "ConnectionStrings:prosaasdb is '***'. Allowed: a connection to PostgreSQL itself");
        (await SchemaDump.OfAsync(fault.Database.Owner)).ShouldBe(before);

        (await fault.StartWorker().WaitForExitAsync(60)).ShouldBe(0);
        fault.Served("a migrator that is connected to PostgreSQL itself");
        await fault.NothingIsLostAsync(postgres);
    }

    private static Task<List<string>> RunsAsync(FaultCase fault) =>
        Database.ColumnAsync(fault.Database.Owner, "SELECT concat_ws(' ', state, error_type) FROM migration_runs ORDER BY id");

    /// <summary>The migrations before the pending ones are whole; the first of these left nothing behind.</summary>
    private static async Task NothingPendingIsAppliedAsync(FaultCase fault) =>
        (await Database.ColumnAsync(fault.Database.Owner, "SELECT migration_id FROM schema_applied ORDER BY 1"))
            .ShouldBe(SchemaContract.Migrations);

    private static async Task FailsAsync(FaultCase fault, ServiceHandle api)
    {
        var worker = fault.StartWorker();
        await fault.ExitsAsync(worker, "the migrator", code: 1);
        await fault.SaysAsync(worker, "❌ MIGRATION FAILED");
        await fault.RefusesAsync(api, "starting", "initializing");
    }
}
