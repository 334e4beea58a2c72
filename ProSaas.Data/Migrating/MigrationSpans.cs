using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ProSaas.Data.Migrating;

/// <summary>A span for each migration, from EF's own events; one span for all tries at the same migration.</summary>
internal sealed class MigrationSpans(ActivityContext parent) : IDisposable
{
    private string? _migration;

    public Activity? Current { get; private set; }

    public void OnEvent(EventData data)
    {
        if (data is not MigrationEventData { Migration: var migration } || data.EventId != RelationalEventId.MigrationApplying)
        {
            return;
        }

        var id = MigrationId.Of(migration.GetType());
        if (!string.Equals(_migration, id, StringComparison.Ordinal))
        {
            Current?.Stop();
            Current = MigratorTelemetry.Source.StartActivity(MigratorTelemetry.Migration, ActivityKind.Internal, parent);
            Current?.SetTag("migration.id", id);
            _migration = id;
        }
    }

    public void Dispose() => Current?.Stop();
}
