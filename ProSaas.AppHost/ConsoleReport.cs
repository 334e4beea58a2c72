using System.Text.RegularExpressions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ProSaas.AppHost;

/// <summary>
/// Writes what happens to the console: a line for each change of a resource's state, and the resources' own lines with their name in front.
/// A start that fails ends the application, with a line that names the resource and what it said last, and with its exit code.
/// </summary>
internal sealed partial class ConsoleReport(
    ResourceNotificationService notifications, ResourceLoggerService logs, IHostApplicationLifetime lifetime) : BackgroundService
{
    /// <summary>The application has started when this one is healthy. Afterwards a failure is the developer's to look at.</summary>
    private const string LastToStart = "prosaas-api";

    /// <summary>Calls are answered without it.</summary>
    private const string Dispensable = "baileys";

    private readonly Dictionary<string, string> _states = new(StringComparer.Ordinal);
    private bool _hasStarted;

    /// <summary>Why the start failed, once the application has stopped for it.</summary>
    public StartFailure? Failure { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var consoles = new List<Task>();
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
            {
                if (change.Resource is ParameterResource || change.Snapshot.IsHidden)
                {
                    continue;
                }

                var isNew = !_states.TryGetValue(change.ResourceId, out var before);
                var state = Describe(change.Snapshot);
                if (isNew)
                {
                    consoles.Add(WriteConsoleAsync(change, stoppingToken));
                }

                if (state.Length > 0 && state != before)
                {
                    Console.WriteLine($"{change.Resource.Name}: {state}");
                }

                _states[change.ResourceId] = state;
                await ReactAsync(change, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(consoles).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static string Describe(CustomResourceSnapshot snapshot) =>
        (snapshot.State?.Text, snapshot.HealthStatus, snapshot.ExitCode) switch
        {
            (null, _, _) => "",
            ("Running", { } health, _) when snapshot.HealthReports.Length > 0 => $"Running, {health.ToString().ToLowerInvariant()}",
            (var state, _, { } exitCode) when KnownResourceStates.TerminalStates.Contains(state, StringComparer.Ordinal) =>
                $"{state} with exit code {exitCode}",
            var (state, _, _) => state,
        };

    private async Task ReactAsync(ResourceEvent change, CancellationToken cancellationToken)
    {
        var snapshot = change.Snapshot;
        if (change.Resource.Name == LastToStart
            && snapshot.HealthStatus is HealthStatus.Healthy && snapshot.State?.Text == KnownResourceStates.Running)
        {
            _hasStarted = true;
        }

        var hasFailed = snapshot.State?.Text == KnownResourceStates.FailedToStart
            || (snapshot.State?.Text is { } state
                && KnownResourceStates.TerminalStates.Contains(state, StringComparer.Ordinal) && snapshot.ExitCode is not (null or 0));
        if (_hasStarted || !hasFailed || change.Resource.Name == Dispensable
            || Failure is not null || lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return;
        }

        var cause = await FindCauseAsync(change.ResourceId, cancellationToken) ?? "its console is empty";
        Failure = new StartFailure(
            snapshot.ExitCode is > 0 and var exitCode ? exitCode : 1,
            $"ProSaas does not start, because {change.Resource.Name} failed ({_states[change.ResourceId]}): {cause}");
        lifetime.StopApplication();
    }

    /// <summary>
    /// What a process said last, on standard error if it used that. Its console is read anew to its end:
    /// the lines that are watched may be behind the news of its end.
    /// </summary>
    private async Task<string?> FindCauseAsync(string resourceId, CancellationToken cancellationToken)
    {
        var lines = new List<LogLine>();
        await foreach (var batch in logs.GetAllAsync(resourceId).WithCancellation(cancellationToken))
        {
            lines.AddRange(batch.Select(line => line with { Content = Timestamp().Replace(line.Content, "") }));
        }

        return lines.Where(line => !NoCause().IsMatch(line.Content)).OrderBy(line => line.IsErrorMessage).LastOrDefault().Content;
    }

    private async Task WriteConsoleAsync(ResourceEvent resource, CancellationToken cancellationToken)
    {
        await foreach (var lines in logs.WatchAsync(resource.ResourceId).WithCancellation(cancellationToken))
        {
            foreach (var line in lines)
            {
                Console.WriteLine($"{resource.Resource.Name} | {Timestamp().Replace(line.Content, "")}");
            }
        }
    }

    /// <summary>Aspire dates each line, so that the dashboard can sort them.</summary>
    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z ", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Timestamp();

    /// <summary>Stack traces, what PostgreSQL logs besides the cause, and what Aspire itself says before a process starts.</summary>
    [GeneratedRegex(@"^(\s|LOG: |HINT: |No custom certificate authorities |Waiting for |Finished waiting |\[sys\] Starting process|$)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NoCause();
}
