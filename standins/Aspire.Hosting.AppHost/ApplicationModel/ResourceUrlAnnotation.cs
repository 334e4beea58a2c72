namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where people find a resource.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The address.</summary>
    public required string Url { get; set; }

    /// <summary>What people read instead of the address.</summary>
    public string? DisplayText { get; set; }
}

/// <summary>Changes what people see of an endpoint's address.</summary>
/// <param name="endpointName">The endpoint.</param>
/// <param name="callback">Changes it.</param>
internal sealed class EndpointUrlAnnotation(string endpointName, Action<ResourceUrlAnnotation> callback) : IResourceAnnotation
{
    public string EndpointName { get; } = endpointName;

    public Action<ResourceUrlAnnotation> Callback { get; } = callback;
}
