namespace ProSaas.Tests.AppHost.Compose;

/// <summary>What cannot be published fails, writes nothing, and says what it was.</summary>
public sealed class PublishFailureTests
{
    private const string Compose = "builder.AddDockerComposeEnvironment(\"compose\").WithDashboard(false);";

    [Theory]
    [InlineData("builder.AddDockerComposeEnvironment(\"compose\");",
        "The Aspire dashboard as a service of the Docker Compose environment 'compose' is not supported by the stand-in for Aspire.Hosting.Docker. Call WithDashboard(false) on the environment, or build with the package: remove Aspire.Hosting.Docker from the property StandIns.")]
    [InlineData("builder.AddContainer(\"a\", \"b\", \"c\").PublishAsDockerComposeService((_, _) => { });",
        "'a' is published as a Docker Compose service, but the application has no Docker Compose environment: add one with AddDockerComposeEnvironment.")]
    [InlineData(
        Compose + """
        var program = builder.AddExecutable("program", "node", "..").WithHttpEndpoint();
        builder.AddContainer("a", "b", "c").WithReference(program.GetEndpoint("http"));
        """,
        "'program' is not in the Compose file, but another resource refers to its endpoint 'http'. Publish it too (an executable with PublishAsDockerFile), or refer to it in run mode only.")]
    [InlineData(
        Compose + """
        var program = builder.AddContainer("program", "b", "c");
        builder.AddContainer("a", "b", "c").WithEnvironment("X", program.GetEndpoint("none"));
        """,
        "The endpoint `none` is not defined for the resource `program`.")]
    [InlineData(
        Compose + "builder.AddContainer(\"a\", \"b\", \"c\").WithVolume(\"/data\");",
        "The volume of 'a' at '/data' cannot be published, because it has no name: give it one where it is added.")]
    [InlineData(
        Compose + "builder.AddContainer(\"a\", \"b\", \"c\")"
            + ".WithContainerFiles(\"/etc\", [new ContainerFile { Name = \"motd\", Contents = \"hello\" }]);",
        "WithContainerFiles, which 'a' uses, is not supported by the stand-in for Aspire.Hosting.Docker.")]
    [InlineData(
        Compose + "builder.AddContainer(\"a\", \"b\", \"c\").WithEnvironment(context => throw new InvalidOperationException(\"no luck\"));",
        "no luck")]
    public async Task Application_that_cannot_be_published_is_refused(string body, string reason) =>
        (await FailureAsync(body, "publish")).ShouldContain(reason);

    [Theory]
    [InlineData("docker-compose-up-compose", "Deploying the Docker Compose environment 'compose' is not supported")]
    [InlineData("destroy-compose-compose", "Destroying the Docker Compose environment 'compose' is not supported")]
    public async Task Step_of_the_package_only_is_refused(string step, string reason) =>
        (await FailureAsync(Compose, step)).ShouldContain(reason);

    private static async Task<string> FailureAsync(string body, string step)
    {
        using var folder = new PublishedFolder();
        var output = Path.Combine(folder.Root, "compose");
        var failure = await Should.ThrowAsync<Exception>(() => ReferenceAppHost.PublishAsync(
            ReferenceAppHost.Around(body), folder.Root, "--operation", "publish", "--step", step, "--output-path", output));
        Directory.Exists(output).ShouldBeFalse();
        return failure.ToString();
    }
}
