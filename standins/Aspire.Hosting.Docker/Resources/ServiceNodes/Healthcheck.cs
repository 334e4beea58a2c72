namespace Aspire.Hosting.Docker.Resources.ServiceNodes;

/// <summary>How a service is seen to be well. Durations are as <c>5s</c>.</summary>
public sealed class Healthcheck
{
    /// <summary>The command, after <c>CMD</c> or <c>CMD-SHELL</c>.</summary>
    public List<string> Test { get; set; } = [];

    /// <summary>The time between looks.</summary>
    public string? Interval { get; set; }

    /// <summary>How long a look may take.</summary>
    public string? Timeout { get; set; }

    /// <summary>How many looks in a row must fail.</summary>
    public int? Retries { get; set; }

    /// <summary>For how long failures do not count after a start.</summary>
    public string? StartPeriod { get; set; }
}
