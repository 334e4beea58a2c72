using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>What can happen to a resource.</summary>
internal enum ResourceTrigger
{
    /// <summary>Someone wants it to run: the application's start, or a command.</summary>
    StartRequested,

    /// <summary>Everything it waits for is as it should be.</summary>
    DependenciesReady,

    /// <summary>Something it waits for cannot become as it should be any more.</summary>
    DependencyFailed,

    /// <summary>Its process runs.</summary>
    Launched,

    /// <summary>Its process could not be started.</summary>
    LaunchFailed,

    /// <summary>Its process ended by itself.</summary>
    Ended,

    /// <summary>Someone wants it to stop: the application's end, or a command.</summary>
    StopRequested,

    /// <summary>It has stopped.</summary>
    Stopped,
}

/// <summary>The one place that says which state follows which.</summary>
internal static class ResourceLifecycle
{
    /// <summary>The state after something happens.</summary>
    /// <returns>Null if it cannot happen in that state.</returns>
    public static string? Next(string state, ResourceTrigger trigger) => trigger switch
    {
        ResourceTrigger.StartRequested when state == KnownResourceStates.NotStarted || IsTerminal(state) => KnownResourceStates.Waiting,
        ResourceTrigger.DependenciesReady when state == KnownResourceStates.Waiting => KnownResourceStates.Starting,
        ResourceTrigger.DependencyFailed when state == KnownResourceStates.Waiting => KnownResourceStates.FailedToStart,
        ResourceTrigger.Launched when state == KnownResourceStates.Starting => KnownResourceStates.Running,
        ResourceTrigger.LaunchFailed when state == KnownResourceStates.Starting => KnownResourceStates.FailedToStart,
        ResourceTrigger.Ended when state == KnownResourceStates.Running => KnownResourceStates.Finished,
        ResourceTrigger.StopRequested when state == KnownResourceStates.Running => KnownResourceStates.Stopping,
        ResourceTrigger.StopRequested when state == KnownResourceStates.Waiting || state == KnownResourceStates.Starting => KnownResourceStates.Exited,
        ResourceTrigger.Stopped when state == KnownResourceStates.Stopping => KnownResourceStates.Exited,
        _ => null,
    };

    /// <summary>Whether a resource stays in a state until it is started again.</summary>
    public static bool IsTerminal(string state) => KnownResourceStates.Terminal.Contains(state);

    /// <summary>What a snapshot of another resource means for one that waits for it.</summary>
    public static WaitOutcome Evaluate(WaitAnnotation wait, CustomResourceSnapshot other)
    {
        var state = other.State?.Text;
        var name = wait.Resource.Name;
        if (state == KnownResourceStates.FailedToStart)
        {
            return WaitOutcome.Failed(other.Reason is { } reason ? $"{name} failed to start: {reason}" : $"{name} failed to start");
        }

        var ended = state is not null && IsTerminal(state);
        return wait.WaitType switch
        {
            WaitType.WaitForCompletion when ended && other.ExitCode is { } code && code != wait.ExitCode =>
                WaitOutcome.Failed($"{name} exited with code {code}, expected {wait.ExitCode}"),
            WaitType.WaitForCompletion => ended ? WaitOutcome.Satisfied : WaitOutcome.Pending,
            _ when ended => WaitOutcome.Failed(other.ExitCode is { } code ? $"{name} exited with code {code}" : $"{name} was stopped"),
            _ => state == KnownResourceStates.Running && other.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
                ? WaitOutcome.Satisfied
                : WaitOutcome.Pending,
        };
    }
}

/// <summary>What is left of a wait.</summary>
internal sealed record WaitOutcome(bool IsSatisfied, string? Failure)
{
    public static WaitOutcome Pending { get; } = new(IsSatisfied: false, Failure: null);

    public static WaitOutcome Satisfied { get; } = new(IsSatisfied: true, Failure: null);

    public static WaitOutcome Failed(string reason) => new(IsSatisfied: false, reason);
}
