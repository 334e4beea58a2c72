using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ProSaas.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// azd asks for the manifest with "--publisher manifest"; compose is published with "--operation publish --step publish".
var publishing = builder.ExecutionContext.IsPublishMode;
var composing = publishing && builder.Configuration["Publishing:Publisher"] is not "manifest";

try
{
    var ports = Ports.Read(builder);

    var appPassword = builder.AddPassword("app-db-password");
    var baileysSecret = builder.AddPassword("baileys-secret");
    var keySecret = builder.AddParameter(
        "data-protection-secret", new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true, persist: true);

    var postgres = Postgres.Add(builder, ports.Postgres);

    // No pooler stands between, so that connections may keep the plans of their statements.
    var runtimeConnection = ReferenceExpression.Create(
        $"Host={postgres.Host};Port={postgres.Port};Username=prosaas_app;Password={appPassword};Database={postgres.DatabaseName};Max Auto Prepare=64;Maximum Pool Size={ConnectionBudget.ApiPool}");

    var migrations = builder.AddProject<Projects.ProSaas_MigrationWorker>("migrations")
        .WithReference(postgres.Database)
        .WithEnvironment("Database__AppPassword", appPassword)
        .WaitFor(postgres.Database);

    var baileys = builder.AddExecutable("baileys", "node", "../services/baileys", "src/server.mjs")
        .WithHttpEndpoint(port: ports.Baileys, targetPort: ports.Baileys, name: "http", env: "PORT", isProxied: false)
        .WithHttpHealthCheck("/healthz")
        .WithEnvironment("BAILEYS_SECRET", baileysSecret)
        .WithEnvironment("BAILEYS_DATA", publishing ? PublishedParts.BaileysData : DataFolders.Find(builder, "baileys"))
        .PublishAsDockerFile(container => container.WithVolume("baileys-data", PublishedParts.BaileysData));

    // It does not wait for the WhatsApp service, without which it answers calls all the same.
    var api = builder.AddProject<Projects.ProSaas_Api>("prosaas-api")
        .WithEnvironment("ConnectionStrings__prosaasdb", runtimeConnection)
        .WithReference(baileys.GetEndpoint("http"))
        .WithEnvironment("BAILEYS_SECRET", baileysSecret)
        .WithEnvironment("DATA_PROTECTION_SECRET", keySecret)
        .WaitFor(postgres.Database)
        .WaitForCompletion(migrations)
        .WithHttpHealthCheck("/api/health")
        .WithExternalHttpEndpoints();

    baileys.WithEnvironment("API_HTTP", api.GetEndpoint("http"));

    if (publishing)
    {
        baileys.WithEnvironment("HOST", "0.0.0.0").WaitFor(api);
        PublishedParts.Add(postgres, migrations, api);
    }
    else
    {
        RunMode.Configure(builder.Configuration);

        // A worker reads DOTNET_ENVIRONMENT, not ASPNETCORE_ENVIRONMENT.
        migrations.RunHere().WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName);
        api.RunHere().ListenOn(ports.Api).WithEnvironment("Dashboard__Url", builder.Configuration["ASPNETCORE_URLS"]);
        AgentCommands.Add(api);
        DatabaseCommands.Add(postgres, migrations, api);

        // Before Aspire's own services, of which one returns only when everything has started.
        builder.Services.AddSingleton<ConsoleReport>();
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(services => services.GetRequiredService<ConsoleReport>()));
    }

    if (composing)
    {
        builder.AddDockerComposeEnvironment("compose")
            .WithDashboard(false)
            .ConfigureComposeFile(file => ComposeShape.Apply(file, postgres.DatabaseName))
            .ConfigureEnvFile(ComposeShape.Apply);
    }

    var application = builder.Build();
    var report = application.Services.GetService<ConsoleReport>();
    await application.RunAsync();

    // The last line of all.
    return report?.Failure is { } failed ? throw failed : 0;
}
catch (StartFailure failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return failure.ExitCode;
}
catch (FileNotFoundException missing)
{
    // The orchestrator, which a package cache that was emptied or is another user's no longer has.
    await Console.Error.WriteLineAsync($"{missing.Message} Build it anew: dotnet build ProSaas.AppHost --no-incremental");
    return StartFailure.Unavailable;
}
