using Microsoft.Extensions.Options;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Health;

internal static class HealthRegistration
{
    public static void AddHealth(this IHostApplicationBuilder builder, ProductionEnvironment environment)
    {
        builder.Services.AddOptions<DrainOptions>()
            .Configure(options => options.DrainDelay = environment.IsProduction ? DrainOptions.ProductionDelay : TimeSpan.Zero)
            .BindConfiguration(DrainOptions.SectionName)
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<DrainOptions>, DrainOptionsValidator>();
        builder.Services.AddOptions<HostOptions>()
            .Configure<IOptions<DrainOptions>>((host, drain) => host.ShutdownTimeout += drain.Value.DrainDelay);
        builder.Services.AddSingleton<ServiceHealth>();
        builder.Services.AddSingleton<ReadinessCheck>();
        builder.Services.AddHostedService<DrainBeforeStop>();
    }
}
