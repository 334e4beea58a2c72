namespace ProSaas.Tests.AppHost.Compose;

/// <summary>A folder with the projects that an AppHost refers to, and what was published into it.</summary>
public sealed class PublishedFolder : IDisposable
{
    public PublishedFolder()
    {
        foreach (var project in (string[])["ProSaas.AppHost", "ProSaas.Api", "ProSaas.MigrationWorker"])
        {
            var folder = Directory.CreateDirectory(Path.Combine(Root, project)).FullName;
            File.WriteAllText(Path.Combine(folder, $"{project}.csproj"), "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        }

        var properties = Directory.CreateDirectory(Path.Combine(Root, "ProSaas.Api", "Properties")).FullName;
        File.WriteAllText(
            Path.Combine(properties, "launchSettings.json"),
            JsonSerializer.Serialize(
                new { profiles = new { http = new { commandName = "Project", applicationUrl = "http://localhost:5080" } } }));
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("prosaas-published-").FullName;

    public string Manifest => File.ReadAllText(Path.Combine(Root, "aspire-manifest.json"));

    public string Compose => File.ReadAllText(ComposePath);

    public string Environment => File.ReadAllText(EnvironmentPath);

    public string ComposePath => Path.Combine(Root, "compose", "docker-compose.yaml");

    public string EnvironmentPath => Path.Combine(Root, "compose", ".env");

    /// <summary>Publishes an AppHost of a few lines with a Docker Compose environment.</summary>
    /// <param name="body">What it adds to <c>builder</c>; the environment is <c>compose</c>.</param>
    public static async Task<PublishedFolder> OfAsync(string body)
    {
        var folder = new PublishedFolder();
        await folder.PublishComposeAsync(
            ReferenceAppHost.Around($"var compose = builder.AddDockerComposeEnvironment(\"compose\").WithDashboard(false);\n{body}"));
        return folder;
    }

    public Task PublishManifestAsync(string source) =>
        ReferenceAppHost.PublishAsync(source, Root, "--publisher", "manifest", "--output-path", Path.Combine(Root, "aspire-manifest.json"));

    public Task PublishComposeAsync(string source) => ReferenceAppHost.PublishAsync(
        source, Root, "--operation", "publish", "--step", "publish", "--output-path", Path.Combine(Root, "compose"));

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
