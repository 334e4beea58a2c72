namespace Aspire.Dashboard.Application;

/// <summary>One replica of a resource.</summary>
/// <param name="Name">Its name, with a number where there are several replicas.</param>
/// <param name="ResourceName">The resource's name, the same for all its replicas.</param>
/// <param name="Type">What it is: <c>Project</c>, <c>Executable</c>, <c>Container</c>.</param>
/// <param name="State">The engine's word for its state.</param>
/// <param name="Phase">What people are shown of its state.</param>
/// <param name="Health"><c>Healthy</c>, <c>Unhealthy</c>, or null until it runs.</param>
/// <param name="Reason">Why it is in a state that nobody wants, or not healthy yet.</param>
/// <param name="ExitCode">The exit code of a process that ended by itself.</param>
/// <param name="StartTime">When it was started.</param>
/// <param name="StopTime">When it ended.</param>
/// <param name="ProcessId">The process it runs in.</param>
/// <param name="WaitsFor">The resources that it waits for before it starts.</param>
/// <param name="Urls">Where it can be reached.</param>
/// <param name="Commands">What can be done with it.</param>
public sealed record ApplicationResource(
    string Name,
    string ResourceName,
    string Type,
    string State,
    ResourcePhase Phase,
    string? Health,
    string? Reason,
    int? ExitCode,
    DateTimeOffset? StartTime,
    DateTimeOffset? StopTime,
    int? ProcessId,
    IReadOnlyList<string> WaitsFor,
    IReadOnlyList<ResourceUrl> Urls,
    IReadOnlyList<ResourceCommand> Commands);

/// <summary>What people are shown of a resource's state.</summary>
public enum ResourcePhase
{
    /// <summary>Nothing was asked of it yet.</summary>
    NotStarted,

    /// <summary>It waits for others.</summary>
    Waiting,

    /// <summary>It is being started, or runs and has not been healthy yet: nothing is wrong.</summary>
    Starting,

    /// <summary>It runs and is healthy.</summary>
    Running,

    /// <summary>It runs, was healthy, and is not any more.</summary>
    Unhealthy,

    /// <summary>It has been told to stop.</summary>
    Stopping,

    /// <summary>It was stopped.</summary>
    Stopped,

    /// <summary>It ended well by itself.</summary>
    Finished,

    /// <summary>It could not be started, or ended with an error.</summary>
    Failed,
}

/// <summary>Where a resource can be reached.</summary>
/// <param name="Url">The address.</param>
/// <param name="Text">What people read instead of it.</param>
public sealed record ResourceUrl(string Url, string? Text);

/// <summary>What can be done with a resource.</summary>
/// <param name="Name">The name, by which it is run.</param>
/// <param name="DisplayName">What people see.</param>
/// <param name="Description">What it does.</param>
/// <param name="Confirmation">What must be confirmed before it is run; null if nothing must.</param>
/// <param name="IsHighlighted">Whether it is shown before others.</param>
/// <param name="IsEnabled">Whether it can be run now.</param>
public sealed record ResourceCommand(string Name, string DisplayName, string? Description, string? Confirmation, bool IsHighlighted, bool IsEnabled);

/// <summary>How a command went.</summary>
/// <param name="IsSuccess">Whether it did what it should.</param>
/// <param name="Message">The same in words, with the reason of a failure.</param>
public sealed record ResourceCommandResult(bool IsSuccess, string Message);
