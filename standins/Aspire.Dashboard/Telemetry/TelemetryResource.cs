namespace Aspire.Dashboard.Telemetry;

/// <summary>Who sends telemetry: one process of a service.</summary>
/// <param name="Name">The service's name, <c>service.name</c>.</param>
/// <param name="InstanceId">Which of its processes, <c>service.instance.id</c>; empty if it does not say.</param>
public sealed record TelemetryResource(string Name, string InstanceId)
{
    /// <summary>What people read: the instance where it names the service itself, as replicas do, else the service.</summary>
    public string DisplayName => InstanceId.StartsWith(Name, StringComparison.Ordinal) ? InstanceId : Name;
}

/// <summary>How much is kept of a resource.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Attributes">What it says of itself.</param>
/// <param name="SpanCount">Spans kept.</param>
/// <param name="LogCount">Log records kept.</param>
/// <param name="MetricCount">Values kept.</param>
/// <param name="DroppedSpans">Spans that newer ones pushed out.</param>
/// <param name="DroppedLogs">Log records that newer ones pushed out.</param>
public sealed record TelemetryResourceSummary(
    TelemetryResource Resource,
    IReadOnlyList<KeyValuePair<string, string>> Attributes,
    int SpanCount,
    int LogCount,
    int MetricCount,
    long DroppedSpans,
    long DroppedLogs);
