namespace Aspire.Hosting.Control;

/// <summary>What people are told of one replica of a resource.</summary>
/// <param name="Name">The resource's name, with a number where there are several replicas.</param>
/// <param name="Type">What it is: a project, an executable, a container.</param>
/// <param name="State">The state.</param>
/// <param name="Health">How it is; null until it runs.</param>
/// <param name="ExitCode">The exit code of a process that ended by itself.</param>
/// <param name="Reason">Why it is in a state that nobody wants.</param>
/// <param name="ProcessId">The process it runs in.</param>
/// <param name="Urls">Where it can be reached.</param>
/// <param name="Commands">What can be done with it.</param>
internal sealed record ResourceView(
    string Name,
    string Type,
    string State,
    string? Health,
    int? ExitCode,
    string? Reason,
    int? ProcessId,
    IReadOnlyList<UrlView> Urls,
    IReadOnlyList<CommandView> Commands);

/// <summary>Where a resource can be reached.</summary>
/// <param name="Url">The address.</param>
/// <param name="Text">What people read instead of it.</param>
internal sealed record UrlView(string Url, string? Text);

/// <summary>What can be done with a resource.</summary>
/// <param name="Name">The name, by which it is run.</param>
/// <param name="DisplayName">What people see.</param>
/// <param name="Description">What it does.</param>
/// <param name="ConfirmationMessage">What must be confirmed before it is run; null if nothing must.</param>
/// <param name="IsHighlighted">Whether it is shown before others.</param>
/// <param name="IsEnabled">Whether it can be run now.</param>
internal sealed record CommandView(string Name, string DisplayName, string? Description, string? ConfirmationMessage, bool IsHighlighted, bool IsEnabled);
