using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace ProSaas.Tests.AppHost;

/// <summary>The commands on the database, on the running application: PostgreSQL, the worker and the API as processes.</summary>
[Collection(RunningApplication.Name)]
public sealed class DatabaseCommandTests(RunningApplication running)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private DistributedApplication Application => running.Application;

    [Fact]
    public async Task Reset_leads_to_a_migrated_seeded_database_that_no_api_saw_half_made()
    {
        await ExecuteAsync("CREATE TABLE left_over (); DELETE FROM businesses WHERE id IN (SELECT id FROM businesses LIMIT 3)");
        await using var history = new StateHistory(Application.ResourceNotifications);

        var result = await running.ExecuteAsync("prosaasdb", "reset-database");

        result.Success.ShouldBeTrue(result.Message);
        (await ScalarAsync("SELECT count(*) FROM businesses")).ShouldBe(12L);
        (await ScalarAsync("SELECT to_regclass('left_over')::text")).ShouldBe(DBNull.Value);
        await UntilApiIsOkAsync();
        int[] positions =
        [
            .. history.Positions("prosaas-api Finished", "migrations Running"),
            history.LastPosition("migrations Finished"),
            history.LastPosition("prosaas-api Starting"),
        ];
        positions.ShouldBeInOrder();
    }

    [Fact]
    public async Task Migrations_run_again_beside_an_api_that_serves_on()
    {
        await using var history = new StateHistory(Application.ResourceNotifications);

        var result = await running.ExecuteAsync("migrations", "rerun-migrations");

        result.Success.ShouldBeTrue(result.Message);
        (await ScalarAsync("SELECT count(*) FROM businesses")).ShouldBe(12L);
        history.Positions("migrations Running", "migrations Finished").ShouldBeInOrder();
        history.Positions("prosaas-api Stopping").ShouldBe([-1]);
        await UntilApiIsOkAsync();
    }

    [Theory]
    [InlineData("migrations", "rerun-migrations", null)]
    [InlineData("prosaasdb", "reset-database", "Everything in the database 'prosaasdb' is lost. Reset it?")]
    [InlineData("prosaas-api", "rewarm-agents", null)]
    public async Task Command_is_offered_and_asks_before_data_is_lost(string resource, string command, string? confirmation)
    {
        await UntilApiIsOkAsync();

        var offering = await Application.ResourceNotifications.WaitForResourceAsync(
            resource,
            change => change.Snapshot.Commands.Any(offered => offered.Name == command && offered.State is ResourceCommandState.Enabled),
            Cancellation);

        offering.Snapshot.Commands.Single(offered => offered.Name == command).ConfirmationMessage.ShouldBe(confirmation);
    }

    [Fact]
    public async Task One_command_at_a_time_works_on_the_database()
    {
        var first = running.ExecuteAsync("migrations", "rerun-migrations");
        var second = await running.ExecuteAsync("prosaasdb", "reset-database");

        second.Message.ShouldBe("Another command works on the database: wait for its end.");
        (await first).Success.ShouldBeTrue();
    }

    private async Task UntilApiIsOkAsync()
    {
        using var client = Application.CreateHttpClient("prosaas-api");
        await Eventually.TrueAsync(async () => await StatusAsync(client) == HttpStatusCode.OK, "the API is ready", seconds: 60);
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync(new Uri("/api/health", UriKind.Relative), Cancellation);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private async Task ExecuteAsync(string sql) => await ScalarAsync(sql);

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create((await Application.GetConnectionStringAsync("prosaasdb", Cancellation))!);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
