using Aspire.Hosting;

namespace ProSaas.Tests.AppHost.StandIns;

/// <summary>What cannot be published fails, and says what it was.</summary>
public sealed class PublishFailureTests
{
    private const string Compose = "builder.AddDockerComposeEnvironment(\"compose\").WithDashboard(false);";

    [Theory]
    [InlineData("builder.AddDockerComposeEnvironment(\"compose\");", "WithDashboard")]
    [InlineData(Compose + "builder.AddDockerComposeEnvironment(\"more\").WithDashboard(false);", "Several compute environments")]
    [InlineData("", "AddDockerComposeEnvironment")]
    [InlineData("builder.AddContainer(\"a\", \"b\", \"c\").PublishAsDockerComposeService((_, _) => { });", "Resource 'a' is configured to publish as a Docker Compose service")]
    [InlineData(Compose + """
        var program = builder.AddExecutable("program", "node", "..").WithHttpEndpoint();
        builder.AddContainer("a", "b", "c").WithReference(program.GetEndpoint("http"));
        """, "PublishAsDockerFile")]
    [InlineData(Compose + """
        var program = builder.AddContainer("program", "b", "c");
        builder.AddContainer("a", "b", "c").WithEnvironment("X", program.GetEndpoint("none"));
        """, "The endpoint `none` is not defined for the resource `program`.")]
    [InlineData(Compose + "builder.AddContainer(\"a\", \"b\", \"c\").WithVolume(null!, \"/data\");", "A volume of 'a' has no name")]
    public async Task Application_that_compose_cannot_express_is_refused(string body, string reason) =>
        (await FailureAsync(body, "--operation", "publish", "--step", "publish", "--output-path", "../out")).ShouldContain(reason);

    [Theory]
    [InlineData("--publisher", "kubernetes", "--output-path", "../out")]
    [InlineData("--operation", "publish", "--step", "kubernetes")]
    public async Task Publisher_and_step_of_the_packages_only_are_refused_by_name(params string[] args) =>
        (await FailureAsync(Compose, args)).ShouldContain("'kubernetes' is not supported by this engine");

    [Fact]
    public async Task Manifest_of_an_application_with_an_environment_is_refused_by_name() =>
        (await FailureAsync(Compose, "--publisher", "manifest", "--output-path", "../out")).ShouldContain("'compose', a compute environment");

    [Fact]
    public async Task Manifest_without_a_path_is_refused_as_the_packages_refuse_it() =>
        (await FailureAsync("", "--publisher", "manifest")).ShouldStartWith("The '--output-path [path]' option was not specified");

    [Fact]
    public async Task Name_that_the_manifest_needs_itself_is_refused() =>
        (await FailureAsync(
            """
            builder.AddContainer("db-password-uri-encoded", "b", "c").WithReference(builder.AddPostgres("db"));
            """,
            "--publisher",
            "manifest",
            "--output-path",
            "../out")).ShouldContain("'db-password-uri-encoded'");

    [Theory]
    [InlineData("--publisher", "manifest", "--output-path", "FILE/manifest.json")]
    [InlineData("--publisher", "manifest", "--output-path", "FOLDER.json")]
    [InlineData("--operation", "publish", "--output-path", "FILE")]
    public async Task Output_path_that_cannot_be_written_is_named(params string[] args)
    {
        var root = Directory.CreateTempSubdirectory("prosaas-unwritable-").FullName;
        await File.WriteAllTextAsync(Path.Combine(root, "FILE"), "", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(root, "FOLDER.json"));
        args[^1] = Path.Combine(root, args[^1]);
        try
        {
            var body = args.Contains("manifest") ? "" : Compose;
            (await FailureAsync(body, args)).ShouldStartWith($"The output path '{args[^1]}' cannot be written: ");
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Theory]
    [InlineData("builder.AddContainer(\"under_score\", \"b\", \"c\");", "under_score")]
    [InlineData("builder.AddContainer(\"a\", \"b\", \"c\").WithHttpEndpoint(name: \"under_score\");", "under_score")]
    public void Name_that_no_host_may_have_is_refused(string body, string name) =>
        Should.Throw<ArgumentException>(() => Describe(body)).Message.ShouldContain($"'{name}' is invalid");

    [Theory]
    [InlineData("registry:5000/b:1")]
    [InlineData("b@sha256:0")]
    public void Image_with_a_tag_of_its_own_is_refused(string image) =>
        Should.Throw<InvalidOperationException>(() => Describe($"builder.AddContainer(\"a\", \"{image}\", \"c\");")).Message.ShouldStartWith("Ambiguous tags");

    [Theory]
    [InlineData("builder.AddContainer(\"a\", \"b\", \"c\"); builder.AddContainer(\"A\", \"b\", \"c\");", "with that name already exists")]
    [InlineData("builder.AddContainer(\"a\", \"b\", \"c\").WithHttpEndpoint().WithHttpEndpoint();", "Endpoint with name 'http' already exists")]
    public void Name_that_is_taken_is_refused(string body, string reason) =>
        Should.Throw<DistributedApplicationException>(() => Describe(body)).Message.ShouldContain(reason);

    private static void Describe(string body)
    {
        using var folder = new AppHostFolder();
        ReferenceAppHost.Describe(ReferenceAppHost.Around(body), folder.Root, "--publisher", "manifest");
    }

    private static async Task<string> FailureAsync(string body, params string[] args)
    {
        using var folder = new AppHostFolder();
        var failure = await Should.ThrowAsync<DistributedApplicationException>(() => ReferenceAppHost.PublishAsync(ReferenceAppHost.Around(body), folder.Root, args));
        Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories).ShouldBeEmpty();
        return failure.Message;
    }

    private sealed class AppHostFolder : IDisposable
    {
        public AppHostFolder() => Directory.CreateDirectory(Path.Combine(Root, "ProSaas.AppHost"));

        public string Root { get; } = Directory.CreateTempSubdirectory("prosaas-refused-").FullName;

        public void Dispose() => Directory.Delete(Root, recursive: true);
    }
}
