using System.Text.Json.Nodes;

namespace ProSaas.Tests.AppHost.StandIns;

/// <summary>The reference AppHost is published as the real packages published it, and variants of it differ where they should.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public async Task Reference_is_published_as_the_same_manifest()
    {
        using var published = await PublishedFolder.CreateAsync(ReferenceAppHost.Source);
        published.Manifest.ShouldBe(ReferenceAppHost.Read("aspire-manifest.json"));
        JsonNode.DeepEquals(JsonNode.Parse(published.Manifest), JsonNode.Parse(ReferenceAppHost.Read("aspire-manifest.json"))).ShouldBeTrue();
    }

    [Fact]
    public async Task Reference_is_published_as_the_same_compose_file()
    {
        using var published = await PublishedFolder.CreateAsync(ReferenceAppHost.Source);
        published.Compose.ShouldBe(ReferenceAppHost.Read("docker-compose.yaml"));
        PublishedFolder.Yaml(published.Compose).ShouldBe(PublishedFolder.Yaml(ReferenceAppHost.Read("docker-compose.yaml")));
    }

    [Fact]
    public async Task Reference_is_published_with_the_same_variables()
    {
        using var published = await PublishedFolder.CreateAsync(ReferenceAppHost.Source);
        published.Environment.ShouldBe(ReferenceAppHost.Read("env"));
    }

    [Fact]
    public async Task Variables_file_that_is_there_keeps_its_values()
    {
        using var published = await PublishedFolder.CreateAsync(ReferenceAppHost.Source);
        var file = Path.Combine(published.Root, "compose", ".env");
        await File.WriteAllTextAsync(file, "# Ours\nDOMAIN=example.org\n\nEXTRA=1\n", TestContext.Current.CancellationToken);
        await ReferenceAppHost.PublishAsync(ReferenceAppHost.Source, published.Root, "--operation", "publish", "--step", "publish", "--output-path", "../compose");
        published.Environment.ShouldBe(ReferenceAppHost.Read("env").Replace("# Parameter domain\nDOMAIN=\n\n", "# Ours\nDOMAIN=example.org\n\nEXTRA=1\n\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Renamed_resource_is_called_so_by_all_that_speak_of_it()
    {
        using var published = await PublishedFolder.CreateAsync(Variant(("\"baileys\"", "\"whatsapp-link\""), ("deploy/nginx", "deploy/front")));

        var environment = published.Resource("prosaas-api")["env"]!.AsObject();
        environment["WHATSAPP_LINK_HTTP"]!.GetValue<string>().ShouldBe("{whatsapp-link.bindings.http.url}");
        environment["services__whatsapp-link__http__0"]!.GetValue<string>().ShouldBe("{whatsapp-link.bindings.http.url}");
        environment.ContainsKey("BAILEYS_HTTP").ShouldBeFalse();
        published.Resource("nginx")["build"]!["dockerfile"]!.GetValue<string>().ShouldBe("deploy/front/Dockerfile");
        published.Service("prosaas-api")["environment"]["WHATSAPP_LINK_HTTP"].ToString().ShouldBe("http://whatsapp-link:3300");
        published.Service("whatsapp-link")["image"].ToString().ShouldBe("prosaasil-whatsapp-link:${PROSAAS_VERSION:-latest}");
        published.Compose.ShouldNotContain("baileys:");
    }

    [Fact]
    public async Task Endpoint_and_parameter_more_are_published()
    {
        using var published = await PublishedFolder.CreateAsync(Variant(
            (".WithHttpEndpoint(targetPort: 5678)", ".WithHttpEndpoint(targetPort: 5678).WithHttpEndpoint(port: 9090, targetPort: 9091, name: \"metrics\").WithEnvironment(\"TIME_ZONE\", $\"{timeZone}/{database}\")"),
            ("var domain = ", "var timeZone = builder.AddParameter(\"time-zone\", \"Asia/Jerusalem\", publishValueAsDefault: true); var domain = ")));

        published.Resource("time-zone").ToJsonString().ShouldBe(
            """{"type":"parameter.v0","value":"{time-zone.inputs.value}","inputs":{"value":{"type":"string","default":{"value":"Asia/Jerusalem"}}}}""");
        published.Resource("n8n")["bindings"]!["metrics"]!.ToJsonString().ShouldBe("""{"scheme":"http","protocol":"tcp","transport":"http","port":9090,"targetPort":9091}""");
        published.Resource("n8n")["env"]!["TIME_ZONE"]!.GetValue<string>().ShouldBe("{time-zone.value}/{prosaasdb.connectionString}");
        published.Service("n8n")["expose"].AllNodes.Select(node => node.ToString()).ShouldContain("9091");
        published.Service("n8n")["environment"]["TIME_ZONE"].ToString()
            .ShouldBe("${TIME_ZONE}/Host=postgres;Port=5432;Username=postgres;Password=${POSTGRES_PASSWORD};Database=prosaasdb");
        published.Environment.ShouldContain("# Parameter time-zone\nTIME_ZONE=\n");
    }

    [Fact]
    public async Task Application_without_n8n_says_nothing_of_it()
    {
        var source = ReferenceAppHost.Source;
        source = Without(source, "    var n8n = ", ".WaitForCompletion(migrations);");
        source = Without(source, "    var n8nKey", ";");
        source = Without(source, "    var n8nPassword", ";");
        source = Without(source, "    migrations.WithEnvironment(\"Database__N8nPassword\"", ";");
        source = Without(source, "\n        .WithEnvironment(\"N8N_UPSTREAM\", n8n.GetEndpoint(\"http\"))", "");
        using var published = await PublishedFolder.CreateAsync(source);

        published.Manifest.ShouldNotContain("n8n", Case.Insensitive);
        published.Compose.ShouldNotContain("n8n", Case.Insensitive);
        published.Environment.ShouldNotContain("n8n", Case.Insensitive);
        published.Resource("nginx")["env"]!.AsObject().Select(variable => variable.Key).ShouldBe(["DOMAIN", "API_UPSTREAM"]);
        PublishedFolder.Yaml(published.Compose)["volumes"].AllNodes.Select(node => node.ToString()).ShouldNotContain("n8n-data");
    }

    private static string Variant(params (string Text, string Replacement)[] changes) =>
        changes.Aggregate(ReferenceAppHost.Source, (source, change) =>
        {
            source.ShouldContain(change.Text);
            return source.Replace(change.Text, change.Replacement, StringComparison.Ordinal);
        });

    private static string Without(string source, string start, string end)
    {
        var from = source.IndexOf(start, StringComparison.Ordinal);
        from.ShouldBeGreaterThan(-1);
        var to = source.IndexOf(end, from + start.Length, StringComparison.Ordinal) + end.Length;
        return source.Remove(from, to - from);
    }
}
