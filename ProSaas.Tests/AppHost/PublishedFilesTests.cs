using Aspire.Hosting.Testing;
using ProSaas.Tests.Architecture;

namespace ProSaas.Tests.AppHost;

/// <summary>The files at the root are what the AppHost publishes now.</summary>
public sealed class PublishedFilesTests : IDisposable
{
    private const string Renew = "The AppHost publishes something else by now. Renew the files: scripts/publish.sh";

    // In the checkout, so that what the manifest says of paths differs by this folder alone.
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", $"published-{Guid.NewGuid():N}")).FullName;

    [Fact]
    public async Task Manifest_is_as_published()
    {
        var file = Path.Combine(_folder, "aspire-manifest.json");
        await PublishAsync("--publisher", "manifest", "--output-path", file);
        (await ReadAsync(file)).Replace("\"../../", "\"", StringComparison.Ordinal).ShouldBe(Repository.Read("aspire-manifest.json"), Renew);
    }

    [Fact]
    public async Task Compose_file_is_as_published()
    {
        await PublishAsync("--operation", "publish", "--step", "publish", "--output-path", _folder);
        Repository.Read("docker-compose.yml").Split('\n', 2)[1].ShouldBe(await ReadAsync(Path.Combine(_folder, "docker-compose.yaml")), Renew);
    }

    [Fact]
    public void Compose_file_says_where_it_comes_from() => Repository.Read("docker-compose.yml").ShouldStartWith("# Published from ProSaas.AppHost by scripts/publish.sh");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<string> ReadAsync(string file) => File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);

    private static async Task PublishAsync(params string[] args)
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ProSaas_AppHost>(args, TestContext.Current.CancellationToken);
        await using var application = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await application.RunAsync(TestContext.Current.CancellationToken);
    }
}
