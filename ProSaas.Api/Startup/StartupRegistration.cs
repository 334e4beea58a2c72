using Microsoft.Extensions.Options;
using ProSaas.Data.Migrating;
using ProSaas.ServiceDefaults.Configuration;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Startup;

internal static class StartupRegistration
{
    private const string MigrateOnStart = "RUN_MIGRATIONS_ON_START";

    /// <summary>Adds the pipeline with the schema gate and, where it is asked for, the migrations themselves.</summary>
    public static void AddStartup(this IHostApplicationBuilder builder, ProductionEnvironment environment)
    {
        builder.Services.AddStartupPipeline(environment);
        builder.Services.AddOptions<SchemaGateOptions>().BindConfiguration(SchemaGateOptions.SectionName).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SchemaGateOptions>, SchemaGateOptionsValidator>();
        builder.Services.AddSingleton<SchemaGateState>();
        builder.Services.AddSingleton<DatabaseProbe>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<DatabaseProbe>());
        builder.Services.AddStartupPhase<SchemaGate>();

        if (builder.Configuration.IsOn(MigrateOnStart) && ConnectionSetting.Read(builder.Configuration, "migrator") is { } connectionString)
        {
            builder.Services.AddSingleton(new MigratorOptions
            {
                ConnectionString = connectionString,
                AppPassword = builder.Configuration["Database:AppPassword"],
                N8nPassword = builder.Configuration["Database:N8nPassword"],
                Seed = environment.IsDevelopment,
                ApplicationName = "prosaas-api migrator",
            });
            builder.Services.AddSingleton<DatabaseMigrator>();
            builder.Services.AddStartupPhase<MigratePhase>();
        }
    }

    public static void UseSchemaGate(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILogger<SchemaGate>>();
        if (app.Configuration["DISABLE_WARMUP"] is { Length: > 0 })
        {
            Log.DisableWarmupIgnored(logger);
        }

        if (app.Configuration.IsOn(MigrateOnStart) && app.Services.GetService<DatabaseMigrator>() is null)
        {
            Log.NoMigratorConnection(logger);
        }

        app.UseMiddleware<SchemaGateMiddleware>();
    }
}
