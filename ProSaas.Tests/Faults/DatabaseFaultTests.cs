using System.Net;
using Npgsql;
using ProSaas.Data.Schema;
using ProSaas.Tests.Fixtures;
using ProSaas.Tests.Migrations;

namespace ProSaas.Tests.Faults;

/// <summary>A database that answers, but not as it should.</summary>
[Trait(FaultLength.Trait, FaultLength.Long)]
public sealed class DatabaseFaultTests(PostgresFixture postgres, FaultReport report)
{
    [Fact]
    public async Task Older_database_is_waited_for_until_it_is_migrated()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.OlderDatabase);
        await using var block = await MigrationBlock.InsideAsync(fault.Database.Owner, table: "accounts");
        var older = fault.StartWorker();
        await block.UntilReachedAsync();
        await older.KillAsync();
        await block.UntilGoneAsync();
        await block.ReleaseAsync();
        await block.RemoveAsync();
        await Database.ExecuteAsync(fault.Database.Owner, "INSERT INTO businesses (id, name, business_type, greeting, system_prompt) VALUES (77, 'Restored', 'bakery', 'Hello', 'Be brief.')");
        var restored = await Database.ScalarAsync<string>(fault.Database.Owner, "SELECT to_jsonb(b)::text FROM businesses b WHERE id = 77");

        var api = fault.StartApi();
        await fault.RefusesAsync(api, "starting", "initializing");
        var worker = fault.StartWorker();
        (await worker.WaitForExitAsync(60)).ShouldBe(0);
        await fault.RecoversAsync(api, within: 3, "the migrator's exit");
        (await Database.ScalarAsync<string>(fault.Database.Owner, "SELECT to_jsonb(b)::text FROM businesses b WHERE id = 77")).ShouldBe(restored);
        (await Database.ScalarAsync<long>(fault.Database.Owner, "SELECT count(*) FROM schema_applied")).ShouldBe(SchemaContract.Migrations.Count + 1);
        await Database.ExecuteAsync(fault.Database.Owner, "DELETE FROM businesses b WHERE id = 77");
        await fault.NothingIsLostAsync(postgres);
        await fault.ServesAsync(api);
    }

    [Fact]
    public async Task Read_only_database_serves_reads_and_fails_writes_without_losing_any()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.ReadOnly);
        var (api, client) = await fault.StartReadyAsync();
        await fault.RememberRowsAsync();

        await fault.Database.ExecuteOnServerAsync($"ALTER DATABASE \"{fault.Database.Name}\" SET default_transaction_read_only = on");
        await fault.Relay.ResetAsync();
        await Eventually.TrueAsync(async () => await FaultCase.HealthAsync(api) == "ok", "the API is connected again");
        await fault.ServesAsync(client, "`/api/health` 200, reads");
        var refused = await client.PostAsync("/api/businesses/1/faq", new { question = "Kept?", answer = "No", position = 0 });
        refused.Status.ShouldBe(HttpStatusCode.ServiceUnavailable, refused.Text);
        refused.Problem.ShouldBe("database-unavailable");
        fault.Refused("writes `database-unavailable`");

        await fault.Database.ExecuteOnServerAsync($"ALTER DATABASE \"{fault.Database.Name}\" RESET default_transaction_read_only");
        await fault.Relay.ResetAsync();
        await fault.NothingIsLostAsync();
        await fault.RecoversAsync("writes after its end", within: 4, async () => (await client.PostAsync("/api/businesses/1/faq", new { question = "Kept!", answer = "Yes", position = 0 })).Status is HttpStatusCode.Created);
    }

    [Fact]
    public async Task Connections_that_are_exhausted_are_told_soon_and_their_return_too()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.NoConnections);
        var (api, client) = await fault.StartReadyAsync();
        await fault.RememberRowsAsync();

        await fault.Database.ExecuteOnServerAsync($"ALTER DATABASE \"{fault.Database.Name}\" CONNECTION LIMIT 0");
        await fault.Relay.ResetAsync();
        await fault.RefusesAsync(api, "database-unavailable", "unhealthy", within: 4);

        await fault.Database.ExecuteOnServerAsync($"ALTER DATABASE \"{fault.Database.Name}\" CONNECTION LIMIT -1");
        await fault.RecoversAsync(api, within: 3, "connections are free");
        await fault.NothingIsLostAsync();
        await fault.ServesAsync(client);
    }

    [Fact]
    public async Task Wrong_credentials_keep_the_gate_shut_until_they_are_right()
    {
        await using var fault = await FaultCase.CreateAsync(postgres, report, FaultList.WrongCredentials);
        await fault.Database.MigrateAsync();
        await fault.RememberRowsAsync();
        var login = $"role_{Guid.NewGuid():N}";
        await Database.ExecuteAsync(fault.Database.Owner, $"CREATE ROLE {login} LOGIN PASSWORD 'old'; GRANT prosaas_app TO {login}; GRANT prosaas_system TO {login}");
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
