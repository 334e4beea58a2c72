using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ProSaas.ServiceDefaults.Startup;

/// <summary>Adds the start-up pipeline and its phases.</summary>
public static class StartupExtensions
{
    /// <summary>Adds the pipeline, which runs every phase added with <see cref="AddStartupPhase{TPhase}"/>.</summary>
    public static IServiceCollection AddStartupPipeline(this IServiceCollection services, ProductionEnvironment environment)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(environment);
        services.AddSingleton<StartupTelemetry>();
        services.AddSingleton<StartupOutcome>();
        services.AddSingleton(provider => new StartupTimeline(provider.GetServices<StartupPhase>()));
        services.AddHostedService<StartupPipeline>();
        return services;
    }

    /// <summary>Adds a phase.</summary>
    public static IServiceCollection AddStartupPhase<TPhase>(this IServiceCollection services)
        where TPhase : StartupPhase =>
        services.AddSingleton<StartupPhase, TPhase>();

    /// <summary>Warns when the signs of production contradict each other.</summary>
    public static void WarnOfContradiction(this IHost host)
    {
        var environment = host.Services.GetRequiredService<ProductionEnvironment>();
        if (environment.Contradiction is { } contradiction)
        {
            Log.Contradiction(host.Services.GetRequiredService<ILogger<StartupPipeline>>(), contradiction);
        }
    }

    /// <summary>Checks every setting that validates on start now, before the host logs a failed start with a stack trace.</summary>
    /// <exception cref="OptionsValidationException">A setting is out of its range.</exception>
    public static void ValidateSettings(this IHost host) =>
        host.Services.GetService<IStartupValidator>()?.Validate();
}
