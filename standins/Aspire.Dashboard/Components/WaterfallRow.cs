using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Components;

/// <summary>A row of a waterfall.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">How far it is moved in, 0 or more.</param>
/// <param name="ChildCount">Its direct children.</param>
/// <param name="IsCollapsed">Whether they are hidden.</param>
/// <param name="ParentIsMissing">It names a parent that is not here.</param>
/// <param name="OtherTraceId">The trace that it is of, if it is shown because of a link.</param>
/// <param name="WaitsFor">What it waited for, of another process.</param>
internal sealed record WaterfallRow(SpanRecord Span, int Depth, int ChildCount, bool IsCollapsed, bool ParentIsMissing, string? OtherTraceId, SpanRecord? WaitsFor)
{
    /// <summary>The phase that does nothing but wait for another process: docs/contract.md has the names of the phases.</summary>
    private const string SchemaGate = "startup.schema_gate";

    /// <summary>Whether its time is spent waiting, not working.</summary>
    public bool IsWait => Span.Name == SchemaGate;
}
