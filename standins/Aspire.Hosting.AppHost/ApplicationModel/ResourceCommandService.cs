using Aspire.Hosting.Running;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Runs the commands that resources have: to start, stop and restart, and their own.</summary>
public sealed class ResourceCommandService
{
    private readonly IServiceProvider _services;

    internal ResourceCommandService(IServiceProvider services) => _services = services;

    /// <summary>Runs a command on every replica of a resource.</summary>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);

    /// <summary>Runs a command on every replica of a resource, or on one.</summary>
    /// <param name="resourceId">The name of a resource or of one of its replicas.</param>
    /// <param name="commandName">The command's name, such as <c>resource-restart</c>.</param>
    /// <param name="cancellationToken">Ends the command.</param>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        var orchestrator = _services.GetRequiredService<Orchestrator>();
        var actors = orchestrator.Actors
            .Where(actor => actor.Instance.Id.Equals(resourceId, StringComparison.OrdinalIgnoreCase)
                || actor.Instance.Resource.Name.Equals(resourceId, StringComparison.OrdinalIgnoreCase))
            .ToList();
        if (actors.Count == 0)
        {
            return CommandResults.Failure($"Resource '{resourceId}' not found.");
        }

        if (actors[0].Instance.Resource.Annotations.OfType<ResourceCommandAnnotation>().FirstOrDefault(command => command.Name == commandName) is { } own)
        {
            return await own.ExecuteCommand(new ExecuteCommandContext { ServiceProvider = _services, ResourceName = actors[0].Instance.Id, CancellationToken = cancellationToken });
        }

        Func<ResourceActor, Task>? action = commandName switch
        {
            _ when commandName == KnownResourceCommands.StartCommand => actor => orchestrator.StartAsync(actor, cancellationToken),
            _ when commandName == KnownResourceCommands.StopCommand => orchestrator.StopAsync,
            _ when commandName == KnownResourceCommands.RestartCommand => actor => orchestrator.RestartAsync(actor, cancellationToken),
            _ => null,
        };
        if (action is null)
        {
            return CommandResults.Failure($"Command '{commandName}' not available for resource '{resourceId}'.");
        }

        await Task.WhenAll(actors.Select(action));
        return CommandResults.Success();
    }
}
