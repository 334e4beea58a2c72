using ProSaas.Data.Migrating;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Startup;

/// <summary>Runs the migrations inside the API, for a deployment of one container: <c>RUN_MIGRATIONS_ON_START=1</c>.</summary>
internal sealed class MigratePhase(DatabaseMigrator migrator) : StartupPhase
{
    public override string Name => "migrate";

    public override StartupPhasePolicy Policy { get; } = new() { RetryEvery = TimeSpan.FromSeconds(30) };

    protected override Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken) =>
        migrator.RunAsync(cancellationToken);
}
