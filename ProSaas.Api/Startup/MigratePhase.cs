using ProSaas.Data.Migrating;
using ProSaas.ServiceDefaults;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Startup;

/// <summary>Runs the migrations inside the API, for a deployment of one container: <c>RUN_MIGRATIONS_ON_START=1</c>.</summary>
internal sealed class MigratePhase(
    DatabaseMigrator migrator, StartupOutcome outcome, IHostApplicationLifetime lifetime, ILogger<MigratePhase> logger) : StartupPhase
{
    public override string Name => "migrate";

    public override StartupPhasePolicy Policy { get; } = new() { RetryEvery = TimeSpan.FromSeconds(30) };

    protected override async Task RunAsync(StartupPhaseContext context, CancellationToken cancellationToken)
    {
        try
        {
            await migrator.RunAsync(cancellationToken);
        }
        catch (MigrationFailedException failure) when (failure.AllowedConnection is { } allowed)
        {
            Log.MigratorConnectionRefused(logger, allowed);
            outcome.Fail(ServiceProcess.ConfigurationExitCode);
            lifetime.StopApplication();
            throw;
        }
    }
}
