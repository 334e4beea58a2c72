using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace ProSaas.AppHost;

/// <summary>What an operator's Compose file needs beyond what is published of the resources: builds, health, restarts.</summary>
internal static class ComposeShape
{
    /// <summary>Completes the file.</summary>
    /// <param name="file">The file as published.</param>
    /// <param name="databaseName">The database that PostgreSQL makes on an empty volume.</param>
    public static void Apply(ComposeFile file, string databaseName)
    {
        file.Name = "prosaasil";

        var postgres = file.Services["postgres"];
        postgres.AddEnvironmentalVariable("POSTGRES_DB", databaseName);
        postgres.Healthcheck = new Healthcheck
        {
            Test = ["CMD-SHELL", $"pg_isready -U postgres -d {databaseName}"],
            Interval = "5s",
            Timeout = "3s",
            Retries = 12,
            StartPeriod = "30s",
        };

        // Whoever stands in front of the API reaches it over the network of the services; the machine has no port for it.
        var api = Build(file, "prosaas-api", ".", "deploy/api.Dockerfile");
        api.Ports.Clear();
        api.Expose.Add("8080");
        api.Healthcheck = new Healthcheck
        {
            Test = ["CMD", "dotnet", "ProSaas.Api.dll", "--probe", "http://127.0.0.1:8080/api/health"],
            Interval = "5s",
            Timeout = "3s",
            Retries = 3,
            StartPeriod = "60s",
        };

        Build(file, "migrations", ".", "deploy/migrations.Dockerfile").Restart = "no";
        // Its image says how its health is asked for.
        Build(file, "baileys", "services/baileys", "Dockerfile");
        foreach (var service in file.Services.Values)
        {
            service.Restart ??= "unless-stopped";
            WaitForHealth(service, "postgres");
            WaitForHealth(service, "prosaas-api");
        }
    }

    /// <summary>Images are built here, so nobody is asked for their names.</summary>
    public static void Apply(IDictionary<string, CapturedEnvironmentVariable> variables)
    {
        foreach (var image in variables.Keys.Where(key => key.EndsWith("_IMAGE", StringComparison.Ordinal)).ToList())
        {
            variables.Remove(image);
        }
    }

    private static Service Build(ComposeFile file, string name, string context, string dockerfile)
    {
        var service = file.Services[name];
        service.Image = $"prosaasil-{name}:${{PROSAAS_VERSION:-latest}}";
        service.Build = new Build { Context = context, Dockerfile = dockerfile };
        return service;
    }

    private static void WaitForHealth(Service service, string dependency)
    {
        if (service.DependsOn.TryGetValue(dependency, out var wait))
        {
            wait.Condition = "service_healthy";
        }
    }
}
