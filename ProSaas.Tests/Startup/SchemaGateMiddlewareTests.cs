using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using ProSaas.Api.Startup;

namespace ProSaas.Tests.Startup;

public sealed class SchemaGateMiddlewareTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Request_that_waits_for_a_lost_database_is_answered_when_the_loss_is_known()
    {
        var database = new TestDatabase(await postgres.CreateMigratedAsync());
        var gate = new SchemaGateState();
        using var probe = new DatabaseProbe(
            gate, new DatabaseCheckFactory(database.Runtime), TimeProvider.System, NullLogger<DatabaseProbe>.Instance);
        await probe.StartAsync(CancellationToken.None);
        gate.Open();
        await Eventually.TrueAsync(() => probe.IsAnswering, "the database answers");
        var waiting = new TaskCompletionSource();
        var served = ServeAsync(gate, probe, async context =>
        {
            waiting.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await waiting.Task;

        await database.ExecuteOnServerAsync($"ALTER DATABASE \"{database.Name}\" ALLOW_CONNECTIONS false");
        await database.ExecuteOnServerAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.Name}'");

        (await served.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken))
            .ShouldBe((503, "2", "database-unavailable"));
        (await ServeAsync(gate, probe, _ => throw new InvalidOperationException("no handler is reached")))
            .ShouldBe((503, "2", "database-unavailable"));

        await database.ExecuteOnServerAsync($"ALTER DATABASE \"{database.Name}\" ALLOW_CONNECTIONS true");
        await Eventually.TrueAsync(() => probe.IsAnswering && !probe.Lost.IsCancellationRequested, "the database answers again");
        (await ServeAsync(gate, probe, _ => Task.CompletedTask)).ShouldBe((200, "", ""));
        await probe.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Failure_of_the_connection_is_told_like_a_lost_database_and_a_mistake_of_ours_is_not()
    {
        var gate = new SchemaGateState();
        using var probe = new DatabaseProbe(
            gate, new DatabaseCheckFactory("Host=127.0.0.1"), TimeProvider.System, NullLogger<DatabaseProbe>.Instance);
        gate.Open();
        probe.RecordAnswer();

        (await ServeAsync(gate, probe, _ => throw new NpgsqlException("lost", new IOException())))
            .ShouldBe((503, "2", "database-unavailable"));
        (await ServeAsync(gate, probe, _ => throw new RetryLimitExceededException("given up")))
            .ShouldBe((503, "2", "database-unavailable"));
        await Should.ThrowAsync<InvalidOperationException>(() => ServeAsync(gate, probe, _ => throw new InvalidOperationException("bug")));
    }

    private static async Task<(int Status, string RetryAfter, string Problem)> ServeAsync(
        SchemaGateState gate, DatabaseProbe probe, RequestDelegate handler)
    {
        await using var services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = services, Response = { Body = body } };
        var middleware = new SchemaGateMiddleware(handler, gate, probe, NullLogger<SchemaGateMiddleware>.Instance);
        await middleware.InvokeAsync(context);
        var problem = System.Text.Encoding.UTF8.GetString(body.ToArray());
        return (context.Response.StatusCode, context.Response.Headers.RetryAfter.ToString(), problem.Contains(
            "urn:prosaas:problem:database-unavailable", StringComparison.Ordinal) ? "database-unavailable" : "");
    }
}
