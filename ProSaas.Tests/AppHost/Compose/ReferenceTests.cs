using System.Text.Json.Nodes;

namespace ProSaas.Tests.AppHost.Compose;

/// <summary>The reference AppHost is published as the package published it, and variants of it differ where they should.</summary>
public sealed class ReferenceTests(ReferenceTests.PublishedReference reference) : IClassFixture<ReferenceTests.PublishedReference>
{
    [Fact]
    public void Reference_is_published_as_the_same_manifest() =>
        JsonNode.DeepEquals(JsonNode.Parse(reference.Folder.Manifest), JsonNode.Parse(ReferenceAppHost.Read("aspire-manifest.json")))
            .ShouldBeTrue(reference.Folder.Manifest);

    [Fact]
    public void Reference_is_published_as_the_same_compose_file() =>
        reference.Folder.Compose.ShouldBe(ReferenceAppHost.Read("docker-compose.yaml"));

    [Fact]
    public void Reference_is_published_with_the_same_variables() => reference.Folder.Environment.ShouldBe(ReferenceAppHost.Read("env"));

    [Fact]
    public async Task Renamed_resource_is_called_so_by_all_that_refer_to_it()
    {
        using var folder = new PublishedFolder();
        await folder.PublishComposeAsync(Variant("\"baileys\"", "\"whatsapp-link\""));

        folder.Compose.ShouldBe(ReferenceAppHost.Read("docker-compose.yaml")
            .Replace("services/baileys", "SOURCES", StringComparison.Ordinal)
            .Replace("baileys", "whatsapp-link", StringComparison.Ordinal)
            .Replace("BAILEYS_HTTP", "WHATSAPP_LINK_HTTP", StringComparison.Ordinal)
            .Replace("SOURCES", "services/baileys", StringComparison.Ordinal));
        folder.Environment.ShouldBe(ReferenceAppHost.Read("env"));
    }

    [Fact]
    public async Task Endpoint_and_parameter_more_are_published()
    {
        using var folder = new PublishedFolder();
        await folder.PublishComposeAsync(Variant(
            ".WithHttpEndpoint(targetPort: 5678)",
            """
            .WithHttpEndpoint(targetPort: 5678)
            .WithHttpEndpoint(port: 9090, targetPort: 9091, name: "metrics")
            .WithEnvironment("PLACE", $"{builder.AddParameter("time-zone", "Asia/Jerusalem", publishValueAsDefault: true)}/{database}")
            """));

        folder.Compose.ShouldContain("    expose:\n      - \"5678\"\n      - \"9091\"\n");
        folder.Compose.ShouldContain(
            "      PLACE: \"${TIME_ZONE}/Host=postgres;Port=5432;Username=postgres;Password=${POSTGRES_PASSWORD};Database=prosaasdb\"\n");
        folder.Environment.ShouldBe($"{ReferenceAppHost.Read("env")}# Parameter time-zone\nTIME_ZONE=\n\n");
    }

    private static string Variant(string text, string replacement)
    {
        ReferenceAppHost.Source.ShouldContain(text);
        return ReferenceAppHost.Source.Replace(text, replacement, StringComparison.Ordinal);
    }

    /// <summary>The reference, published once for the class.</summary>
    public sealed class PublishedReference : IAsyncLifetime
    {
        public PublishedFolder Folder { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Folder.PublishManifestAsync(ReferenceAppHost.Source);
            await Folder.PublishComposeAsync(ReferenceAppHost.Source);
        }

        public ValueTask DisposeAsync()
        {
            Folder.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
