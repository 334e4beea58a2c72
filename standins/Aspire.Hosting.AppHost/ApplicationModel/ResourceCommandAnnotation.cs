namespace Aspire.Hosting.ApplicationModel;

/// <summary>The commands that every resource which is started has.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts it.</summary>
    public static readonly string StartCommand = "resource-start";

    /// <summary>Stops it.</summary>
    public static readonly string StopCommand = "resource-stop";

    /// <summary>Stops and starts it.</summary>
    public static readonly string RestartCommand = "resource-restart";
}

/// <summary>A command that a resource has.</summary>
public sealed class ResourceCommandAnnotation : IResourceAnnotation
{
    internal ResourceCommandAnnotation(string name, string displayName, CommandOptions options, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> executeCommand)
    {
        Name = name;
        DisplayName = displayName;
        Options = options;
        ExecuteCommand = executeCommand;
    }

    /// <summary>The name, by which it is run.</summary>
    public string Name { get; }

    /// <summary>What people see.</summary>
    public string DisplayName { get; }

    /// <summary>Runs it.</summary>
    public Func<ExecuteCommandContext, Task<ExecuteCommandResult>> ExecuteCommand { get; }

    internal CommandOptions Options { get; }
}

/// <summary>How a command is shown.</summary>
public sealed class CommandOptions
{
    /// <summary>What it does.</summary>
    public string? Description { get; set; }

    /// <summary>What is asked before it is run; null to ask nothing.</summary>
    public string? ConfirmationMessage { get; set; }

    /// <summary>The name of its picture.</summary>
    public string? IconName { get; set; }

    /// <summary>Which form of the picture.</summary>
    public IconVariant? IconVariant { get; set; }

    /// <summary>Whether it is shown beside the resource and not only in its menu.</summary>
    public bool IsHighlighted { get; set; }

    /// <summary>Says whether it can be run now; always, if null.</summary>
    public Func<UpdateCommandStateContext, ResourceCommandState>? UpdateState { get; set; }
}

/// <summary>The forms of a picture.</summary>
public enum IconVariant
{
    /// <summary>Lines.</summary>
    Regular,

    /// <summary>Areas.</summary>
    Filled,
}

/// <summary>Whether a command can be run.</summary>
public enum ResourceCommandState
{
    /// <summary>It can.</summary>
    Enabled,

    /// <summary>It cannot.</summary>
    Disabled,

    /// <summary>It is not shown.</summary>
    Hidden,
}

/// <summary>What a command knows when it says whether it can be run.</summary>
public sealed class UpdateCommandStateContext
{
    /// <summary>What is known of the resource now.</summary>
    public required CustomResourceSnapshot ResourceSnapshot { get; init; }

    /// <summary>The services of the host.</summary>
    public required IServiceProvider ServiceProvider { get; init; }
}

/// <summary>What a command knows when it runs.</summary>
public sealed class ExecuteCommandContext
{
    /// <summary>The services of the host.</summary>
    public required IServiceProvider ServiceProvider { get; init; }

    /// <summary>The resource, or the one of its replicas, it is run on.</summary>
    public required string ResourceName { get; init; }

    /// <summary>Ends the command.</summary>
    public required CancellationToken CancellationToken { get; init; }
}

/// <summary>How a command went.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it went well.</summary>
    public required bool Success { get; init; }

    /// <summary>What went wrong.</summary>
    public string? ErrorMessage { get; init; }
}

/// <summary>Makes results of commands.</summary>
public static class CommandResults
{
    /// <summary>It went well.</summary>
    public static ExecuteCommandResult Success() => new() { Success = true };

    /// <summary>It went wrong.</summary>
    public static ExecuteCommandResult Failure(string? errorMessage = null) => new() { Success = false, ErrorMessage = errorMessage };
}
