using Aspire.Hosting.Testing;

namespace ProSaas.Tests.AppHost;

/// <summary>The files at the root are what the AppHost publishes now.</summary>
public sealed partial class PublishedFilesTests : IDisposable
{
    private const string Renew = "The AppHost publishes something else by now. Renew the files: scripts/publish.sh";

    // In the checkout, so that what the manifest says of paths differs by this folder alone.
    private readonly string _folder = Directory.CreateDirectory(
        Path.Combine(Repository.Root, "artifacts", $"published-{Guid.NewGuid():N}")).FullName;

    [Fact]
    public async Task Manifest_is_as_published()
    {
        var file = Path.Combine(_folder, "aspire-manifest.json");
        await PublishAsync("--publisher", "manifest", "--output-path", file);
        (await ReadAsync(file)).Replace("\"../../", "\"", StringComparison.Ordinal)
            .ShouldBe(Repository.Read("aspire-manifest.json"), Renew);
    }

    [Fact]
    public async Task Compose_file_is_as_published()
    {
        await PublishAsync("--operation", "publish", "--step", "publish", "--output-path", _folder);
        Repository.Read("docker-compose.yml").Split('\n', 2)[1]
            .ShouldBe(await ReadAsync(Path.Combine(_folder, "docker-compose.yaml")), Renew);
    }

    [Fact]
    public void Compose_file_says_where_it_comes_from() =>
        Repository.Read("docker-compose.yml").ShouldStartWith("# Published from ProSaas.AppHost by scripts/publish.sh");

    [Fact]
    public void Nginx_waits_for_nobody() => Service(Repository.Read("docker-compose.yml"), "nginx").ShouldNotContain("depends_on");

    [Theory]
    [InlineData("migrations", "postgres", "service_healthy")]
    [InlineData("prosaas-api", "postgres", "service_healthy")]
    [InlineData("prosaas-api", "migrations", "service_completed_successfully")]
    [InlineData("baileys", "prosaas-api", "service_healthy")]
    [InlineData("n8n", "migrations", "service_completed_successfully")]
    public void Service_waits_for_what_it_needs(string service, string dependency, string condition) =>
        Service(Repository.Read("docker-compose.yml"), service).ShouldContain($"      {dependency}:\n        condition: \"{condition}\"\n");

    [Theory]
    [InlineData("deploy/api.Dockerfile")]
    [InlineData("deploy/migrations.Dockerfile")]
    public void Image_copies_no_file_that_its_context_leaves_out(string dockerfile)
    {
        var allowed = File.ReadLines(Path.Combine(Repository.Root, ".dockerignore"))
            .Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        var copied = Copied().Matches(Repository.Read(dockerfile)).SelectMany(match => match.Groups["sources"].Value.Split(' ')).ToList();

        copied.Count.ShouldBeGreaterThan(5);
        copied.Where(source => !allowed.Any(entry => entry == source || source.StartsWith($"{entry}/", StringComparison.Ordinal)
            || entry.StartsWith($"{source}/", StringComparison.Ordinal))).ShouldBeEmpty();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<string> ReadAsync(string file) => File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);

    private static async Task PublishAsync(params string[] args)
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ProSaas_AppHost>(
            args, TestContext.Current.CancellationToken);
        await using var application = await builder.BuildAsync(TestContext.Current.CancellationToken);
        await application.RunAsync(TestContext.Current.CancellationToken);
    }

    private static string Service(string file, string name)
    {
        var start = file.IndexOf($"\n  {name}:\n", StringComparison.Ordinal);
        start.ShouldBeGreaterThan(-1);
        return NextService().Match(file, start + name.Length + 4) is { Success: true } next ? file[start..next.Index] : file[start..];
    }

    [GeneratedRegex(@"^ {0,2}\w", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NextService();

    [GeneratedRegex(
        @"^COPY (?!--from)(?<sources>.+) \S+$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Copied();
}
