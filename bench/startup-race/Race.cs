using System.Net.Http.Json;
using ProSaas.Testing.Linked.Pending;

namespace ProSaas.Bench.StartupRace;

/// <summary>One start of database, migration worker and API by a schedule, with a client that asks from the beginning.</summary>
internal sealed class Race(PostgresServer server, Schedule schedule, bool withGate) : IAsyncDisposable
{
    public const string Database = "prosaasdb";

    private static readonly TimeSpan Restart = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly int _port = FreePorts.Next();
    private readonly List<ServiceHandle> _apis = [];
    private readonly List<string> _databaseLog = [];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private volatile bool _isMigrated;
    private int _dead;

    public async Task<Verdict> RunAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var client = AskAsync(over.Token);
        try
        {
            var parts = Task.WhenAll(RunDatabaseAsync(cancellationToken), MigrateAsync(cancellationToken), RunApiAsync(cancellationToken));
            await parts.WaitAsync(Deadline, Time, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new InvalidOperationException(
                $"The start {schedule} was not over within {Deadline}. The API said: {string.Join('\n', _apis.LastOrDefault()?.Lines ?? [])}",
                late);
        }
        finally
        {
            await over.CancelAsync();
            await client.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Verdict.Of([.. _databaseLog, .. server.Log], [.. _apis.Select(api => api.Lines)], _dead);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var api in _apis)
        {
            await api.DisposeAsync();
        }

        _http.Dispose();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await server.ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {Database} WITH (FORCE)");
        if (schedule.AppliedMigrations > 0)
        {
            await server.ExecuteAsync("postgres", $"CREATE DATABASE {Database} TEMPLATE release_{schedule.AppliedMigrations}");
        }

        await server.StopAsync();
    }

    private async Task RunDatabaseAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(schedule.Database, Time, cancellationToken);
        await server.StartAsync();
        if (schedule.DatabaseKill is { } kill)
        {
            await Task.Delay(kill, Time, cancellationToken);

            // A database that is lost after the start is no matter of the start.
            if (!_isMigrated)
            {
                await server.KillAsync();
                _databaseLog.AddRange(server.Log);
                await Task.Delay(Restart, Time, cancellationToken);
                await server.StartAsync();
            }
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(schedule.Migration, Time, cancellationToken);
        for (var kill = schedule.MigrationKill; !_isMigrated; kill = null)
        {
            await using var worker = ServiceHandle.StartMigrationWorker(WithPending(server.WorkerEnvironment(Database)));
            if (kill is { } after && !await worker.ExitsWithinAsync(after))
            {
                await worker.KillAsync();
            }

            _isMigrated = await worker.WaitForExitAsync() is 0;
            await Task.Delay(Restart, Time, cancellationToken);
        }
    }

    private async Task RunApiAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(schedule.Api, Time, cancellationToken);
        var api = StartApi();
        if (schedule.ApiKill is { } kill)
        {
            if (!await api.ExitsWithinAsync(kill))
            {
                await api.KillAsync();
                await Task.Delay(Restart, Time, cancellationToken);
                api = StartApi();
            }
        }

        while (!_isMigrated || !Verdict.IsWarmupOver(api.Lines))
        {
            if (api.HasExited)
            {
                _dead++;
                api = StartApi();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), Time, cancellationToken);
        }
    }

    private static Dictionary<string, string?> WithPending(Dictionary<string, string?> environment)
    {
        foreach (var (name, value) in PendingMigrations.Environment)
        {
            environment[name] = value;
        }

        return environment;
    }

    private ServiceHandle StartApi()
    {
        var environment = WithPending(server.ApiEnvironment(Database, "Development"));
        environment[StartupHook.Variable] = withGate ? "on" : StartupHook.Off;
        environment["Login__AttemptsPerAddress"] = "100000";
        var api = ServiceHandle.StartApi(environment, _port);
        _apis.Add(api);
        return api;
    }

    // A sign-in needs no account to reach a handler that reads the database.
    private async Task AskAsync(CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{_port}/api/auth/login");
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), Time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                using var response = await _http.PostAsJsonAsync(
                    address, new { email = "nobody@example.com", password = "not a password" }, cancellationToken);
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException
                && !cancellationToken.IsCancellationRequested)
            {
                // The API is not there, or the database keeps it: that is the race.
            }
        }
    }
}
