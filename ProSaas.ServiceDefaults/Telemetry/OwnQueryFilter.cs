using System.Diagnostics;
using OpenTelemetry;

namespace ProSaas.ServiceDefaults.Telemetry;

/// <summary>
/// Keeps out of the export what a service asks of others by itself: traces that begin with a client's span, such as the probe of the
/// database once a second. They would push out the traces of the start and of what users did. Add it before an exporter.
/// </summary>
internal sealed class OwnQueryFilter : BaseProcessor<Activity>
{
    /// <inheritdoc />
    public override void OnEnd(Activity data)
    {
        var root = data;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        if (root is { Kind: ActivityKind.Client, ParentId: null })
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
