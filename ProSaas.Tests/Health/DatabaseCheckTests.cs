using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using ProSaas.Api.Health;
using ProSaas.Api.Startup;
using ProSaas.Api.WhatsApp;
using ProSaas.Tests.Migrations;

namespace ProSaas.Tests.Health;

/// <summary>The bounded checks of the database, also at one that takes connections and then says nothing.</summary>
public sealed class DatabaseCheckTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Check_of_a_server_that_does_not_answer_ends_after_a_second()
    {
        await using var server = new SilentServer();
        await using var check = new DatabaseCheckFactory(server.ConnectionString).Create("test");
        var started = Stopwatch.GetTimestamp();

        var failure = await Should.ThrowAsync<Exception>(() =>
            check.RunAsync(DatabaseCheck.SelectOneAsync, onConnected: null, TestContext.Current.CancellationToken));

        DatabaseCheck.IsFailure(failure).ShouldBeTrue(failure.ToString());
        Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeInRange(0.9, 1.9);
    }

    [Fact]
    public async Task Readiness_at_a_server_that_hangs_is_told_within_two_seconds_and_by_one_check()
    {
        await using var server = new SilentServer();
        var gate = new SchemaGateState();
        gate.Open();
        using var http = new HttpClient();
        await using var readiness = new ReadinessCheck(
            gate, new DatabaseCheckFactory(server.ConnectionString), new WhatsAppService(http, new(Address: null, "")));
        var started = Stopwatch.GetTimestamp();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => readiness.RunAsync(TestContext.Current.CancellationToken)));

        answers.ShouldAllBe(answer => answer.Database == "unhealthy");
        Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeLessThan(2);
        server.Connections.ShouldBe(1);
    }

    [Fact]
    public void Answer_stays_fresh_when_the_clock_jumps_and_no_time_passes()
    {
        var clock = new StoppedClock();
        using var probe = new DatabaseProbe(
            new SchemaGateState(), new DatabaseCheckFactory("Host=127.0.0.1"), clock, NullLogger<DatabaseProbe>.Instance);
        probe.RecordAnswer();

        clock.Now += TimeSpan.FromHours(1);
        probe.IsAnswering.ShouldBeTrue();
        clock.Now -= TimeSpan.FromHours(2);
        probe.IsAnswering.ShouldBeTrue();
    }

    [Fact]
    public async Task Probe_asks_once_a_second_however_many_ask_it()
    {
        var database = await postgres.CreateMigratedAsync();
        var name = new NpgsqlConnectionStringBuilder(database).Database!;
        var time = new FakeTimeProvider();
        var gate = new SchemaGateState();
        using var spans = new SpanCollector("Npgsql");
        using var probe = new DatabaseProbe(
            gate, new DatabaseCheckFactory(Database.AsApp(database)), time, NullLogger<DatabaseProbe>.Instance);
        await probe.StartAsync(CancellationToken.None);
        probe.IsAnswering.ShouldBeFalse();

        gate.Open();
        await Eventually.TrueAsync(() => probe.IsAnswering, "the first check");
        for (var second = 2; second <= 4; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Eventually.TrueAsync(() => Asked() == second, $"check {second}");
            Enumerable.Range(0, 1000).ShouldAllBe(_ => probe.IsAnswering);
        }

        Asked().ShouldBe(4);
        await probe.StopAsync(CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(2.1));
        probe.IsAnswering.ShouldBeFalse();

        int Asked() => spans.Ended.Count(span => span.TagObjects.Any(tag => tag.Value is string text && text == name)
            && span.TagObjects.Any(tag => tag.Value is "SELECT migration_id, required_release FROM public.schema_applied"));
    }

    /// <summary>Takes connections and never answers.</summary>
    private sealed class SilentServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly ConcurrentQueue<TcpClient> _clients = new();
        private readonly Task _accepting;

        public SilentServer()
        {
            _listener.Start();
            _accepting = AcceptAsync();
        }

        public string ConnectionString =>
            $"Host=127.0.0.1;Port={((IPEndPoint)_listener.LocalEndpoint).Port};Username=u;Password=p;Database=d";

        public int Connections => _clients.Count;

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _accepting;
            foreach (var client in _clients)
            {
                client.Dispose();
            }
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    _clients.Enqueue(await _listener.AcceptTcpClientAsync());
                }
            }
            catch (SocketException)
            {
                // The listener was stopped.
            }
        }
    }

    /// <summary>It is set by hand, while timestamps stand still.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => 1;
    }
}
