namespace ProSaas.AppHost;

/// <summary>
/// What only a published application has: the settings that an operator gives, n8n, and nginx, which
/// stands before it and the API.
/// </summary>
internal static class PublishedParts
{
    /// <summary>Where the WhatsApp service sees its volume.</summary>
    public const string BaileysData = "/data";

    private const int ApiPort = 8080;

    // All that container hosts take addresses for their networks from. On the API's own network are the services alone, without n8n, and
    // of them nginx says who the client is.
    private static readonly string[] ProxyNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

    /// <summary>Adds them.</summary>
    public static void Add(Postgres postgres, IResourceBuilder<ProjectResource> migrations, IResourceBuilder<ProjectResource> api)
    {
        var builder = api.ApplicationBuilder;

        // Under other locales an image with another C library would sort indexes otherwise.
        postgres.Server.WithEnvironment(
            "POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --auth-local=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8");

        // azd refuses several external ports.
        api.WithEndpoint("http", endpoint => endpoint.TargetPort = ApiPort)
            .WithEndpoint("https", endpoint => endpoint.TargetPort = ApiPort)
            .WithEnvironment("OPENAI_API_KEY", builder.AddParameter("openai-api-key", "", secret: true))
            .WithEnvironment("OPENAI_BASE_URL", builder.AddParameter("openai-base-url", "", publishValueAsDefault: true))
            .WithEnvironment("OPENAI_MODEL", builder.AddParameter("openai-model", "gpt-4o-mini", publishValueAsDefault: true))
            .WithEnvironment("GOOGLE_CREDENTIALS_JSON", builder.AddParameter("google-credentials-json", "", secret: true));
        foreach (var (index, network) in ProxyNetworks.Index())
        {
            api.WithEnvironment($"ForwardedHeaders__KnownNetworks__{index}", network);
        }

        var domain = builder.AddParameter("domain");
        var n8n = AddN8n(postgres, migrations, domain);

        // It waits for nobody: it finds each of them when a request comes.
        builder.AddDockerfile("nginx", "../deploy/nginx")
            .WithHttpEndpoint(port: 80, targetPort: 8080)
            .WithExternalHttpEndpoints()
            .WithEnvironment("DOMAIN", domain)
            .WithEnvironment("API_UPSTREAM", api.GetEndpoint("http"))
            .WithEnvironment("N8N_UPSTREAM", n8n.GetEndpoint("http"))
            // Its owner is made first: n8n would take the first comer for it.
            .WithEnvironment("N8N_OPEN", builder.AddParameter("n8n-open", "false", publishValueAsDefault: true));
    }

    /// <summary>Adds n8n with a database of its own, which the migrator makes.</summary>
    private static IResourceBuilder<ContainerResource> AddN8n(
        Postgres postgres, IResourceBuilder<ProjectResource> migrations, IResourceBuilder<ParameterResource> domain)
    {
        var builder = migrations.ApplicationBuilder;
        var password = builder.AddParameter(
            "n8n-db-password", new GenerateParameterDefault { MinLength = 22, Special = false }, secret: true);
        migrations.WithEnvironment("Database__N8nPassword", password)
            .WithEnvironment("Database__AppConnections", ConnectionBudget.ApiRole)
            .WithEnvironment("Database__N8nConnections", ConnectionBudget.N8nRole);

        return builder.AddContainer("n8n", "n8nio/n8n", "2.8.4")
            .WithHttpEndpoint(targetPort: 5678)
            .WithEnvironment("N8N_PATH", "/")
            .WithEnvironment("N8N_EDITOR_BASE_URL", $"https://n8n.{domain}")
            .WithEnvironment("WEBHOOK_URL", $"https://n8n.{domain}/")
            .WithEnvironment("N8N_ENCRYPTION_KEY", builder.AddParameter(
                "n8n-encryption-key", new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true))
            .WithEnvironment("N8N_PROXY_HOPS", "1")
            .WithEnvironment("DB_TYPE", "postgresdb")
            .WithEnvironment("DB_POSTGRESDB_HOST", postgres.Host)
            .WithEnvironment("DB_POSTGRESDB_PORT", postgres.Port)
            .WithEnvironment("DB_POSTGRESDB_DATABASE", "n8n")
            .WithEnvironment("DB_POSTGRESDB_USER", "n8n")
            .WithEnvironment("DB_POSTGRESDB_PASSWORD", password)
            .WithEnvironment("DB_POSTGRESDB_POOL_SIZE", ConnectionBudget.N8nPool)
            .WithVolume("n8n-data", "/home/node/.n8n")
            .WaitForCompletion(migrations);
    }
}
