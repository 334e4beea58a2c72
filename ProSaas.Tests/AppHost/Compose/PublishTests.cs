using Aspire.Hosting;

namespace ProSaas.Tests.AppHost.Compose;

/// <summary>
/// Shapes that the reference does not have are published as the package's documentation,
/// sources and published samples say.
/// </summary>
public sealed class PublishTests
{
    /// <summary>Each shape is a file with what its AppHost adds, the Compose file and the file of variables, if there is one.</summary>
    [Theory]
    [InlineData("no-variables")]
    [InlineData("several-endpoints")]
    [InlineData("executable")]
    [InlineData("container")]
    [InlineData("several-servers")]
    [InlineData("condition")]
    [InlineData("unpublished-dependency")]
    [InlineData("changes")]
    public async Task Shape_is_published_as_expected(string shape)
    {
        var expected = ReferenceAppHost.Read($"{shape}.txt").Split("---\n");

        using var published = await PublishedFolder.OfAsync(expected[0]);

        string[] files = File.Exists(published.EnvironmentPath) ? [published.Compose, published.Environment] : [published.Compose];
        files.ShouldBe(expected[1..]);
    }

    [Fact]
    public async Task Several_environments_have_each_their_folder_and_services()
    {
        using var published = await PublishedFolder.OfAsync("""
            var edge = builder.AddDockerComposeEnvironment("edge").WithDashboard(false);
            builder.AddContainer("near", "b", "c").WithComputeEnvironment(edge);
            builder.AddContainer("far", "b", "c").WithComputeEnvironment(compose);
            """);

        var folder = Path.GetDirectoryName(published.ComposePath)!;
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)
            .ShouldBe([Path.Combine("compose", "docker-compose.yaml"), Path.Combine("edge", "docker-compose.yaml")]);
        (await File.ReadAllTextAsync(Path.Combine(folder, "edge", "docker-compose.yaml"), TestContext.Current.CancellationToken))
            .ShouldStartWith("services:\n  near:\n");
        (await File.ReadAllTextAsync(Path.Combine(folder, "compose", "docker-compose.yaml"), TestContext.Current.CancellationToken))
            .ShouldStartWith("services:\n  far:\n");
    }

    [Fact]
    public async Task Variables_file_that_is_there_keeps_its_values_and_their_comments()
    {
        using var published = new PublishedFolder();
        Directory.CreateDirectory(Path.GetDirectoryName(published.EnvironmentPath)!);
        await File.WriteAllTextAsync(
            published.EnvironmentPath,
            "# Shop\n# Ours\nMAIL=a=b # why\r\nOLD = 1\n\n# Of nobody\n\nKEY=\"-----BEGIN\n# no comment\nA=B\\\"\n\"\nCERT='\nx=y'\nQUOTE=\"open\nLAST=1",
            TestContext.Current.CancellationToken);
        const string Body = """
            builder.AddContainer("a", "b", "c")
                .WithEnvironment("MAIL", builder.AddParameter("mail")).WithEnvironment("NEW", builder.AddParameter("new"));
            """;
        await published.PublishComposeAsync(
            ReferenceAppHost.Around($"builder.AddDockerComposeEnvironment(\"compose\").WithDashboard(false);{Body}"));

        published.Environment.ShouldBe(
            "CERT='\nx=y'\n\nKEY=\"-----BEGIN\n# no comment\nA=B\\\"\n\"\n\nLAST=1\n\n# Ours\nMAIL=a=b # why\n\n# Parameter new\nNEW=\n\nOLD= 1\n\nQUOTE=\"open\n\n");
    }

    [Fact]
    public void Environment_has_no_part_in_run_mode()
    {
        var builder = DistributedApplication.CreateBuilder();
        var container = builder.AddContainer("a", "b", "c");
        var annotations = container.Resource.Annotations.ToList();

        builder.AddDockerComposeEnvironment("compose").ConfigureComposeFile(_ => Assert.Fail("It was published."));
        container.PublishAsDockerComposeService((_, _) => Assert.Fail("It was published."));

        builder.Resources.Select(resource => resource.Name).ShouldNotContain("compose");
        container.Resource.Annotations.ShouldBe(annotations);
    }
}
