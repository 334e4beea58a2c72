using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>One replica of a resource: what it was given to run with, and what is known of it.</summary>
/// <param name="resource">The resource.</param>
/// <param name="id">The resource's name, with a number where there are several replicas.</param>
internal sealed class ResourceInstance(IResource resource, string id)
{
    public IResource Resource { get; } = resource;

    public string Id { get; } = id;

    /// <summary>The port that this replica itself listens on, for each of its endpoints by name.</summary>
    public Dictionary<string, int> TargetPorts { get; } = new(StringComparer.OrdinalIgnoreCase);

    public CustomResourceSnapshot Snapshot { get; set; } = new() { ResourceType = TypeOf(resource), State = KnownResourceStates.NotStarted };

    public string State => Snapshot.State!.Text;

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ExecutableResource => "Executable",
        ContainerResource => "Container",
        ParameterResource => "Parameter",
        _ => resource.GetType().Name,
    };
}
