namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something the resource listens on.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    internal EndpointAnnotation(string name, string uriScheme)
    {
        Name = ResourceName.Validated(name);
        UriScheme = uriScheme;
    }

    /// <summary>The name, unique in the resource.</summary>
    public string Name { get; }

    /// <summary>The scheme of its address, such as <c>http</c> or <c>tcp</c>.</summary>
    public string UriScheme { get; set; }

    /// <summary>The port that others use, 1-65535; null for one chosen when the application starts.</summary>
    public int? Port { get; set; }

    /// <summary>The port that the process itself listens on, 1-65535; null for one chosen when the application starts.</summary>
    public int? TargetPort { get; set; }

    /// <summary>Whether it is reachable from outside once published.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Whether something may stand between callers and the process.</summary>
    public bool IsProxied { get; set; } = true;

    /// <summary>The protocol above the connection, <c>http</c> or <c>tcp</c>.</summary>
    internal string Transport => IsHttp ? "http" : "tcp";

    internal bool IsHttp => UriScheme is "http" or "https";

    /// <summary>The variable by which the process is told its port, if it was given one of its own.</summary>
    internal string? TargetPortVariable { get; init; }

    /// <summary>The address that others use, once the application has started.</summary>
    internal AllocatedEndpoint? Allocated { get; set; }
}

/// <summary>Where an endpoint is while the application runs.</summary>
/// <param name="Address">The host.</param>
/// <param name="Port">The port that others use.</param>
internal sealed record AllocatedEndpoint(string Address, int Port);
