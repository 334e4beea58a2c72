using Microsoft.Extensions.Logging.Testing;
using ProSaas.Data.Migrating;

namespace ProSaas.Tests.Migrations;

/// <summary>A migrator over a database of a test, and what it logged.</summary>
internal sealed class MigratorRun(MigratorOptions options)
{
    public FakeLogCollector Log { get; } = new();

    public Task RunAsync(CancellationToken cancellationToken) =>
        new DatabaseMigrator(options, TimeProvider.System, new FakeLogger<DatabaseMigrator>(Log)).RunAsync(cancellationToken);

    public IEnumerable<string> Lines(LogLevel? level = null) =>
        Log.GetSnapshot().Where(record => level is null || record.Level == level).Select(record => record.Message);
}
