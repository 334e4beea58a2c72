using System.Security.Cryptography;
using ProSaas.Data.Schema;
using ProSaas.Tests.Migrations;
using ProSaas.Testing.Linked.Pending;

namespace ProSaas.Tests.Faults;

/// <summary>A database that answers, but not as it should.</summary>
[Trait(FaultLength.Trait, FaultLength.Long)]
public sealed class DatabaseFaultTests(PostgresFixture postgres, FaultReport report)
{
    [Fact(Explicit = true)]
    public async Task Older_database_is_waited_for_until_it_is_migrated()
    {
        await using var fault = await FaultCase.CreatePendingAsync(postgres, report, FaultList.OlderDatabase);
        await using var block = await MigrationBlock.InsideAsync(fault.Database.Owner, PendingMigrations.Table);
        var older = fault.StartWorker();
        await block.UntilReachedAsync();
        await older.KillAsync();
        await block.UntilGoneAsync();
        await block.ReleaseAsync();
        await block.RemoveAsync();
        await Database.ExecuteAsync(fault.Database.Owner,
            "INSERT INTO businesses (id, name, business_type, greeting, system_prompt) VALUES (77, 'Restored', 'bakery', 'Hello', 'Be brief.')");
        var restored = await Database.ScalarAsync<string>(fault.Database.Owner, "SELECT to_jsonb(b)::text FROM businesses b WHERE id = 77");

        var api = fault.StartApi();
        await fault.RefusesAsync(api, "starting", "initializing");
        var worker = fault.StartWorker();
        (await worker.WaitForExitAsync(60)).ShouldBe(0);
        await fault.RecoversAsync(api, within: 3, "the migrator's exit");
        (await Database.ScalarAsync<string>(fault.Database.Owner, "SELECT to_jsonb(b)::text FROM businesses b WHERE id = 77"))
            .ShouldBe(restored);
        (await Database.ScalarAsync<long>(fault.Database.Owner, "SELECT count(*) FROM schema_applied"))
            .ShouldBe(SchemaContract.Migrations.Count + PendingMigrations.Ids.Count + 1);
        await Database.ExecuteAsync(fault.Database.Owner, "DELETE FROM businesses b WHERE id = 77");
        await fault.NothingIsLostAsync(postgres);
        await fault.ServesAsync(api);
    }

    [Fact(Explicit = true)]
    public async Task Disk_that_is_full_fails_writes_and_loses_none_that_was_confirmed()
    {
        await using var disk = await FullDisk.CreateAsync();
        await using var fault = FaultCase.Create(report, FaultList.DiskFull, disk.Database);
        var (api, client) = await fault.StartReadyAsync();
        await fault.RememberRowsAsync();
        var confirmed = new List<string>();

        await disk.FillAsync();
        var started = Stopwatch.GetTimestamp();
        var refused = await WriteAsync();
        while (refused.Status is HttpStatusCode.Created)
        {
            // Pages that were made before still have room.
            started = Stopwatch.GetTimestamp();
            refused = await WriteAsync();
        }

        refused.Problem.ShouldBe("database-unavailable", refused.Text);
        fault.Refused("writes `database-unavailable`");
        fault.Recovered("a write is refused", within: 10, started);
        (await api.StatusAsync("/livez")).ShouldBe(HttpStatusCode.OK);
        fault.Served("`/livez`");

        await disk.FreeAsync();
        await fault.RecoversAsync("writes after its end", within: 4, async () => (await WriteAsync()).Status is HttpStatusCode.Created);
        await fault.NothingIsLostAsync();
        await fault.NothingIsLostAsync(confirmed);
        await fault.ServesAsync(client);

        async Task<ApiAnswer> WriteAsync()
        {
            var question = $"Written {Guid.NewGuid():N}?";
            var answer = await client.PostAsync(
                "/api/businesses/1/faq", new { question, answer = RandomNumberGenerator.GetHexString(4000), position = 1 });
            if (answer.Status is HttpStatusCode.Created)
            {
                confirmed.Add(question);
            }

            return answer;
        }
    }

    [Fact(Explicit = true)]
    public async Task Wrong_credentials_keep_the_gate_shut_until_they_are_right()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.WrongCredentials);
        await fault.Database.MigrateAsync();
        await fault.RememberRowsAsync();
        var login = $"role_{Guid.NewGuid():N}";
        await Database.ExecuteAsync(fault.Database.Owner,
            $"CREATE ROLE {login} LOGIN PASSWORD 'old'; GRANT prosaas_app TO {login}; GRANT prosaas_system TO {login}");
        var wrong = new NpgsqlConnectionStringBuilder(fault.Database.Owner) { Username = login, Password = "hush-hush" }.ConnectionString;
        var api = fault.StartApi(("ConnectionStrings__prosaasdb", wrong));
        var migrator = fault.StartWorker(("ConnectionStrings__prosaasdb", wrong));
        await fault.ExitsAsync(migrator, "the migrator", code: 1, within: 15);
        await fault.SaysAsync(migrator, "refused the connection (SQLSTATE 28P01)");
        await fault.RefusesAsync(api, "starting", "initializing");

        await Database.ExecuteAsync(fault.Database.Owner, $"ALTER ROLE {login} PASSWORD 'hush-hush'");
        await fault.RecoversAsync(api, within: 4, "the password is right");
        await fault.NothingIsLostAsync();
        await fault.ServesAsync(api);
        migrator.Lines.Concat(api.Lines).ShouldAllBe(line => !line.Contains("hush-hush", StringComparison.Ordinal));
    }
}
