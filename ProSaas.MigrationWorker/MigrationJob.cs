using ProSaas.Data.Migrating;
using ProSaas.ServiceDefaults.Configuration;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.MigrationWorker;

/// <summary>
/// One run of the migrator, awaited in <c>Main</c>: whatever a background service throws would end the process with exit code 0.
/// </summary>
internal static class MigrationJob
{
    public const int FailureExitCode = 1;

    /// <summary>Returns 0 only when the schema is at this binary's version and seeded where seeding is on.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        using var signals = new StopSignals();
        var environment = ProductionEnvironment.Resolve(args);
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { Args = args, EnvironmentName = environment.EnvironmentName });
        builder.AddServiceDefaults();
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource("Npgsql"));
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.AddSingleton(environment);
        builder.Services.AddSingleton(MigrationSettings.Read(builder.Configuration, environment));
        builder.Services.AddSingleton<DatabaseMigrator>();
        builder.Services.AddSingleton<MigrationTelemetry>();

        // Disposing the host sends what telemetry is left.
        using var host = builder.Build();
        await host.StartAsync(CancellationToken.None);
        host.WarnOfContradiction();
        var exitCode = await RunAsync(
            host.Services.GetRequiredService<DatabaseMigrator>(), host.Services.GetRequiredService<MigrationTelemetry>(), signals);
        await host.StopAsync(CancellationToken.None);
        return exitCode;
    }

    private static async Task<int> RunAsync(DatabaseMigrator migrator, MigrationTelemetry telemetry, StopSignals signals)
    {
        using var run = telemetry.Begin();
        try
        {
            await migrator.RunAsync(signals.Token);
            run.Succeed();
            return 0;
        }
        catch (MigrationFailedException failure) when (failure.AllowedConnection is { } allowed)
        {
            throw new ConfigurationException(MigrationSettings.ConnectionKey, "***", allowed);
        }
        catch (MigrationFailedException)
        {
            return FailureExitCode;
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return signals.ExitCode;
        }
    }
}
