using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace ProSaas.Tests.AppHost.StandIns;

/// <summary>A folder with the projects that an AppHost refers to, and what was published into it.</summary>
internal sealed class PublishedFolder : IDisposable
{
    private PublishedFolder()
    {
        Directory.CreateDirectory(Path.Combine(Root, "ProSaas.Api", "Properties"));
        Directory.CreateDirectory(Path.Combine(Root, "ProSaas.AppHost"));
        File.WriteAllText(Path.Combine(Root, "ProSaas.Api", "Properties", "launchSettings.json"), """
            { "profiles": { "http": { "commandName": "Project", "applicationUrl": "http://localhost:5080" } } }
            """);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("prosaas-published-").FullName;

    public string Manifest => File.ReadAllText(Path.Combine(Root, "aspire-manifest.json"));

    public string Compose => File.ReadAllText(Path.Combine(Root, "compose", "docker-compose.yaml"));

    public string Environment => File.ReadAllText(Path.Combine(Root, "compose", ".env"));

    /// <summary>Publishes the reference, or a variant of it, both ways.</summary>
    public static async Task<PublishedFolder> CreateAsync(string source)
    {
        var folder = new PublishedFolder();
        await ReferenceAppHost.PublishAsync(source, folder.Root, "--publisher", "manifest", "--output-path", "../aspire-manifest.json");
        await ReferenceAppHost.PublishAsync(source, folder.Root, "--operation", "publish", "--step", "publish", "--output-path", "../compose");
        return folder;
    }

    /// <summary>Publishes an AppHost of a few lines both ways.</summary>
    /// <param name="body">What it adds to <c>builder</c>.</param>
    public static Task<PublishedFolder> OfAsync(string body) => CreateAsync(ReferenceAppHost.Around(body + """

        if (builder.Configuration["Publishing:Publisher"] is not "manifest")
        {
            builder.AddDockerComposeEnvironment("compose").WithDashboard(false);
        }
        """));

    public JsonObject Resource(string name) => JsonNode.Parse(Manifest)!["resources"]![name]!.AsObject();

    public YamlMappingNode Service(string name) => (YamlMappingNode)Yaml(Compose)["services"][name];

    public static YamlMappingNode Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
