using System.Text.RegularExpressions;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;

namespace ProSaas.AppHost;

/// <summary>
/// What an operator's Compose file needs beyond what is published of the resources:
/// builds, health, restarts, and a word on what is not set.
/// </summary>
internal static partial class ComposeShape
{
    private const string N8nNetwork = "n8n";

    /// <summary>The variables that an operator may leave out, with what they are then. Every other one must be set.</summary>
    private static readonly Dictionary<string, string> Defaults = new(StringComparer.Ordinal)
    {
        ["OPENAI_API_KEY"] = "",
        ["OPENAI_BASE_URL"] = "",
        ["OPENAI_MODEL"] = "gpt-4o-mini",
        ["GOOGLE_CREDENTIALS_JSON"] = "",
        ["N8N_OPEN"] = "false",
    };

    /// <summary>Completes the file.</summary>
    /// <param name="file">The file as published.</param>
    /// <param name="databaseName">The database that PostgreSQL makes on an empty volume.</param>
    public static void Apply(ComposeFile file, string databaseName)
    {
        file.Name = "prosaasil";

        var postgres = file.Services["postgres"];
        postgres.Command.AddRange(["postgres", "-c", $"max_connections={ConnectionBudget.Server}"]);
        postgres.AddEnvironmentalVariable("POSTGRES_DB", databaseName);
        postgres.Healthcheck = new Healthcheck
        {
            // By TCP: while its image makes the database, a server without that listens, which soon stops.
            Test = ["CMD", "pg_isready", "-h", "127.0.0.1", "-U", "postgres", "-d", databaseName],
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

        // Their images say how their health is asked for.
        Build(file, "baileys", "services/baileys", "Dockerfile");
        Build(file, "nginx", "deploy/nginx", "Dockerfile");

        file.Services["n8n"].Healthcheck = new Healthcheck
        {
            Test = [
                "CMD",
                "node",
                "-e",
                "fetch('http://127.0.0.1:5678/healthz/readiness').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"
            ],
            Interval = "10s",
            Timeout = "3s",
            Retries = 3,
            StartPeriod = "120s",
        };

        Connect(file);
        foreach (var service in file.Services.Values)
        {
            service.Restart ??= "unless-stopped";
            WaitForHealth(service, "postgres");
            WaitForHealth(service, "prosaas-api");
            foreach (var (name, value) in service.Environment.ToList())
            {
                service.AddEnvironmentalVariable(name, Variable().Replace(value, Checked));
            }
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

    private static void Connect(ComposeFile file)
    {
        // On IPv4 alone: over IPv6 the engine may show its own address in place of the client's.
        var ports = file.Services["nginx"].Ports;
        var published = ports.Select(port => $"0.0.0.0:{port}").ToList();
        ports.Clear();
        ports.AddRange(published);

        // What runs in n8n is its users' own: it meets its database, and nginx as any client does.
        file.AddNetwork(new Network { Name = N8nNetwork, Driver = "bridge" });
        file.Services["n8n"].Networks.Clear();
        foreach (var name in (string[])["n8n", "nginx", "postgres"])
        {
            file.Services[name].Networks.Add(N8nNetwork);
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

    private static string Checked(Match variable)
    {
        var name = variable.Groups["name"].Value;
        return Defaults.TryGetValue(name, out var value) ? $"${{{name}:-{value}}}" : $"${{{name}:?Set {name} in .env}}";
    }

    [GeneratedRegex(@"\$\{(?<name>\w+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
