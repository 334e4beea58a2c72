namespace Aspire.Hosting.Docker.Resources.ServiceNodes;

/// <summary>How the health of a container is checked. Durations are written with their unit, such as <c>5s</c>.</summary>
public sealed class Healthcheck
{
    /// <summary>The command, after <c>CMD</c> or <c>CMD-SHELL</c>.</summary>
    public List<string> Test { get; set; } = [];

    /// <summary>The time between two checks.</summary>
    public required string Interval { get; set; }

    /// <summary>How long a check may take.</summary>
    public required string Timeout { get; set; }

    /// <summary>How many checks in a row must fail before the container is unhealthy.</summary>
    public int? Retries { get; set; }

    /// <summary>How long after the start of the container failures do not count.</summary>
    public required string StartPeriod { get; set; }
}
