namespace Aspire.Hosting.Docker.Resources.ComposeNodes;

/// <summary>What a service waits for before it starts.</summary>
public sealed class ServiceDependency
{
    /// <summary>
    /// The other service's state: <c>service_started</c>, <c>service_healthy</c> or
    /// <c>service_completed_successfully</c>.
    /// </summary>
    public string? Condition { get; set; }
}
