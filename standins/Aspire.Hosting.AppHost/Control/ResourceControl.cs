using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Control;

/// <summary>What can be asked of the resources while the application runs.</summary>
internal sealed class ResourceControl(Orchestrator orchestrator, ResourceCommandService commands, IServiceProvider services, IHostApplicationLifetime lifetime)
{
    public IReadOnlyList<ResourceView> List() => [.. orchestrator.Actors.Select(View)];

    /// <summary>Runs a command, to its end even if whoever asked for it goes away; the end of the application ends it.</summary>
    /// <param name="resource">The name of a resource or of one of its replicas.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="isConfirmed">Whether its confirmation was given.</param>
    public async Task<CommandOutcome> ExecuteAsync(string resource, string command, bool isConfirmed)
    {
        var actor = orchestrator.Actors.FirstOrDefault(actor =>
            actor.Instance.Id.Equals(resource, StringComparison.OrdinalIgnoreCase) || actor.Instance.Resource.Name.Equals(resource, StringComparison.OrdinalIgnoreCase));
        if (actor is null)
        {
            return new(CommandStatus.Unknown, $"There is no resource '{resource}', but {string.Join(", ", orchestrator.Actors.Select(other => other.Instance.Id))}.");
        }

        var known = Commands(actor).ToList();
        return known.Find(view => view.Name.Equals(command, StringComparison.Ordinal)) switch
        {
            null => new(CommandStatus.Unknown, $"{resource} has no command '{command}', but {string.Join(", ", known.Select(view => view.Name))}."),
            { IsEnabled: false } => new(CommandStatus.NotNow, $"{resource} is {actor.Instance.State}: {command} cannot be run now."),
            { ConfirmationMessage: { } message } when !isConfirmed => new(CommandStatus.NotConfirmed, message),
            _ => await ExecuteAsync(resource, command),
        };
    }

    private async Task<CommandOutcome> ExecuteAsync(string resource, string command)
    {
        var result = await commands.ExecuteCommandAsync(resource, command, lifetime.ApplicationStopping);
        return result.Success
            ? new(CommandStatus.Done, $"{resource}: {command} is done.")
            : new(CommandStatus.Failed, $"{resource}: {command} failed: {result.ErrorMessage ?? "it gave no reason"}");
    }

    private ResourceView View(ResourceActor actor)
    {
        var snapshot = actor.Instance.Snapshot;
        return new(
            actor.Instance.Id, snapshot.ResourceType, actor.Instance.State, snapshot.HealthStatus?.ToString(), snapshot.ExitCode, snapshot.Reason, snapshot.ProcessId,
            [.. Urls(actor.Instance.Resource)], [.. Commands(actor)]);
    }

    private static IEnumerable<UrlView> Urls(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.Allocated is not { } allocated)
            {
                continue;
            }

            var address = new Uri($"{endpoint.UriScheme}://{allocated.Address}:{allocated.Port}");
            var shown = new ResourceUrlAnnotation { Url = address.OriginalString };
            foreach (var change in resource.Annotations.OfType<EndpointUrlAnnotation>().Where(change => change.EndpointName.Equals(endpoint.Name, StringComparison.OrdinalIgnoreCase)))
            {
                change.Callback(shown);
            }

            // A callback may give the path alone.
            yield return new(shown.Url.StartsWith('/') ? new Uri(address, shown.Url).ToString() : shown.Url, shown.DisplayText);
        }
    }

    private IEnumerable<CommandView> Commands(ResourceActor actor)
    {
        var isActive = actor.IsActive;
        return actor.Instance.Resource.Annotations.OfType<ResourceCommandAnnotation>().Select(Own).OfType<CommandView>().Concat(
        [
            new(KnownResourceCommands.StartCommand, "Start", null, null, IsHighlighted: true, !isActive),
            new(KnownResourceCommands.StopCommand, "Stop", null, null, IsHighlighted: true, isActive),
            new(KnownResourceCommands.RestartCommand, "Restart", null, null, IsHighlighted: false, isActive),
        ]);

        CommandView? Own(ResourceCommandAnnotation command)
        {
            var options = command.Options;
            var state = options.UpdateState?.Invoke(new UpdateCommandStateContext { ResourceSnapshot = actor.Instance.Snapshot, ServiceProvider = services })
                ?? ResourceCommandState.Enabled;
            return state == ResourceCommandState.Hidden
                ? null
                : new(command.Name, command.DisplayName, options.Description, options.ConfirmationMessage, options.IsHighlighted, state == ResourceCommandState.Enabled);
        }
    }
}

/// <summary>How a command went that someone asked for.</summary>
/// <param name="Status">How it went.</param>
/// <param name="Message">The same in words, or what must be confirmed.</param>
internal sealed record CommandOutcome(CommandStatus Status, string Message);

internal enum CommandStatus
{
    Done,
    Failed,
    NotConfirmed,
    NotNow,
    Unknown,
}
