using ProSaas.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// azd asks for the manifest with "--publisher manifest"; compose is published with "--operation publish --step publish".
var publishing = builder.ExecutionContext.IsPublishMode;
var composing = publishing && builder.Configuration["Publishing:Publisher"] is not "manifest";
if (!Port.TryRead(builder.Configuration, "PROSAAS_API_PORT", defaultPort: 5080, out var apiPort)
    || !Port.TryRead(builder.Configuration, "PROSAAS_BAILEYS_PORT", defaultPort: 3300, out var baileysPort))
{
    return Port.ConfigurationError;
}

if (!publishing && !DashboardAddress.TrySet(builder.Configuration))
{
    return Port.ConfigurationError;
}

// Generated passwords stand unencoded in the connection URIs of published files, so they have no special characters.
var appPassword = builder.AddParameter("app-db-password", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true);
var baileysSecret = builder.AddParameter("baileys-secret", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true, persist: true);

var postgres = builder.AddPostgres("postgres").WithDataVolume(publishing ? "postgres-data" : null);
var database = postgres.AddDatabase("prosaasdb");

// No pooler stands between, so that connections may keep the plans of their statements.
var runtimeConnection = ReferenceExpression.Create(
    $"Host={postgres.Resource.Host};Port={postgres.Resource.Port};Username=prosaas_app;Password={appPassword};Database={database.Resource.DatabaseName};Max Auto Prepare=64");

var migrations = builder.AddProject<Projects.ProSaas_MigrationWorker>("migrations")
    .WithReference(database)
    .WithEnvironment("Database__AppPassword", appPassword)
    .WaitFor(database);

var baileys = builder.AddExecutable("baileys", "node", "../services/baileys", "src/server.mjs")
    .WithHttpEndpoint(port: baileysPort, targetPort: baileysPort, name: "http", env: "PORT", isProxied: false)
    .WithHttpHealthCheck("/healthz")
    .WithEnvironment("BAILEYS_SECRET", baileysSecret)
    .WithEnvironment("BAILEYS_DATA", publishing ? BaileysData.InContainer : BaileysData.OnThisMachine(builder))
    .PublishAsDockerFile(container => container.WithVolume("baileys-data", BaileysData.InContainer));

// It does not wait for the WhatsApp service, without which it answers calls all the same.
var api = builder.AddProject<Projects.ProSaas_Api>("prosaas-api")
    .WithEnvironment("ConnectionStrings__prosaasdb", runtimeConnection)
    .WithReference(baileys.GetEndpoint("http"))
    .WithEnvironment("BAILEYS_SECRET", baileysSecret)
    .WaitFor(database)
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
    // A worker reads DOTNET_ENVIRONMENT, not ASPNETCORE_ENVIRONMENT.
    migrations.WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName);
    api.WithEndpoint("http", endpoint => endpoint.Port = apiPort);
    DashboardAddress.Tell(api);
    AgentCommands.Add(api);
}

DatabaseCommands.Add(database, migrations, api);

if (composing)
{
    builder.AddDockerComposeEnvironment("compose")
        .WithDashboard(false)
        .ConfigureComposeFile(file => ComposeShape.Apply(file, database.Resource.DatabaseName))
        .ConfigureEnvFile(ComposeShape.Apply);
}

builder.Build().Run();
return Environment.ExitCode;
