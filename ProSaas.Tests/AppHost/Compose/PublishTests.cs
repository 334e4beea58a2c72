using Aspire.Hosting;
using YamlDotNet.RepresentationModel;

namespace ProSaas.Tests.AppHost.Compose;

/// <summary>Shapes that the reference does not have are published as the package's documentation, sources and published samples say.</summary>
public sealed class PublishTests
{
    [Fact]
    public async Task Application_without_variables_gets_no_file_for_them()
    {
        using var published = await PublishedFolder.OfAsync("""builder.AddContainer("cache", "registry.example:5000/team/redis", "8").WithEnvironment("A", "1");""");

        File.Exists(published.EnvironmentPath).ShouldBeFalse();
        published.Compose.ShouldBe("""
            services:
              cache:
                image: "registry.example:5000/team/redis:8"
                environment:
                  A: "1"
                networks:
                  - "aspire"
            networks:
              aspire:
                driver: "bridge"

            """);
    }

    [Fact]
    public async Task Project_with_several_endpoints_is_told_all_its_ports()
    {
        using var published = await PublishedFolder.OfAsync("""
            var web = builder.AddProject<Projects.ProSaas_Api>("web")
                .WithHttpEndpoint(name: "admin")
                .WithHttpEndpoint(name: "metrics", targetPort: 9091)
                .WithHttpEndpoint(name: "public", port: 9443, targetPort: 9092)
                .WithHttpEndpoint(name: "own", targetPort: 7000, env: "OWN_PORT")
                .WithExternalHttpEndpoints()
                .WithReplicas(3);
            builder.AddProject<Projects.ProSaas_MigrationWorker>("jobs").WithHttpEndpoint(port: 8000).WithReference(web);
            """);

        var web = published.Service("web");
        web["image"].ToString().ShouldBe("${WEB_IMAGE}");
        web["environment"]["HTTP_PORTS"].ToString().ShouldBe("${WEB_PORT};8000;9091;9092");
        web["environment"]["OWN_PORT"].ToString().ShouldBe("7000");
        Items(web["ports"]).ShouldBe(["${WEB_PORT}", "8000", "9091", "9443:9092", "7000"]);
        Items(published.Service("jobs")["expose"]).ShouldBe(["${JOBS_PORT}"]);

        // Nobody is pointed at https, for which the services have no certificates.
        Names(published.Service("jobs")["environment"]).Where(name => name.StartsWith("services__", StringComparison.Ordinal))
            .ShouldBe(["services__web__http__0", "services__web__admin__0", "services__web__metrics__0", "services__web__public__0", "services__web__own__0"]);
        published.Service("jobs")["environment"]["WEB_HTTPS"].ToString().ShouldBe("https://web:${WEB_PORT}");
        published.Environment.ShouldBe("""
            # Container image name for jobs
            JOBS_IMAGE=

            # Default container port for jobs
            JOBS_PORT=

            # Container image name for web
            WEB_IMAGE=

            # Default container port for web
            WEB_PORT=


            """);
    }

    [Fact]
    public async Task Executable_is_a_service_where_it_is_published_as_a_container()
    {
        using var published = await PublishedFolder.OfAsync("""
            builder.AddExecutable("one", "node", "../one", "a.mjs", "--flag").WithHttpEndpoint();
            var two = builder.AddExecutable("Two-B", "node", "../two", "b.mjs").WithHttpEndpoint(env: "PORT").PublishAsDockerFile(container => container.WithVolume("kept", "/data", isReadOnly: true));
            builder.AddProject<Projects.ProSaas_MigrationWorker>("jobs")
                .WithReference(two.GetEndpoint("http"))
                .WithEnvironment("TWO", $"at {two.GetEndpoint("http")}/path")
                .WithEnvironment("TWO_AT", two.GetEndpoint("http").Property(EndpointProperty.HostAndPort))
                .WaitFor(two);
            """);

        Names(PublishedFolder.Yaml(published.Compose)["services"]).ShouldBe(["two-b", "jobs"]);
        var two = published.Service("two-b");
        two["image"].ToString().ShouldBe("${TWO_B_IMAGE}");
        two["environment"]["PORT"].ToString().ShouldBe("8000");
        Items(two["expose"]).ShouldBe(["8000"]);
        var jobs = published.Service("jobs");
        jobs["environment"]["services__Two-B__http__0"].ToString().ShouldBe("http://Two-B:8000");
        jobs["environment"]["TWO"].ToString().ShouldBe("at http://Two-B:8000/path");
        jobs["environment"]["TWO_AT"].ToString().ShouldBe("Two-B:8000");
        jobs["depends_on"]["two-b"]["condition"].ToString().ShouldBe("service_started");
        published.Compose.ShouldContain("""
                volumes:
                  - type: "volume"
                    target: "/data"
                    source: "kept"
                    read_only: true
            """);
        published.Compose.ShouldEndWith("""
            volumes:
              kept:
                driver: "local"

            """);
    }

    [Fact]
    public async Task Container_keeps_its_name_entrypoint_arguments_and_mounts()
    {
        using var published = await PublishedFolder.OfAsync("""
            var level = builder.AddParameter("Log-level", "info");
            var cache = builder.AddContainer("cache", "redis", "8")
                .WithContainerName("the-cache")
                .WithImagePullPolicy(ImagePullPolicy.Always)
                .WithEntrypoint("/bin/sh")
                .WithArgs("-c", "echo $HOME ${HOME} $$ and $1")
                .WithBindMount("/srv/config", "/etc/redis", isReadOnly: true)
                .WithBindMount("/var/run/docker.sock", "/var/run/docker.sock")
                .WithHttpEndpoint(port: 5000, targetPort: 5001, name: "admin")
                .WithHttpEndpoint(port: 6379);
            builder.AddContainer("tool", "tool", "1")
                .WithArgs("--cache", cache.GetEndpoint("http"), "--cost", "$HOME", level)
                .WaitForCompletion(cache)
                .WaitFor(level);
            """);

        published.Compose.ShouldBe(ReferenceAppHost.Read("container.yaml"));
        published.Environment.ShouldBe("# Bind mount source for cache:/etc/redis\nCACHE_BINDMOUNT_0=\n\n# Parameter Log-level\nLOG_LEVEL=\n\n");
    }

    [Fact]
    public async Task Several_servers_and_databases_have_each_their_password_and_names()
    {
        using var published = await PublishedFolder.OfAsync("""
            var first = builder.AddPostgres("first", builder.AddParameter("db-user"));
            var second = builder.AddPostgres("second", port: 6000);
            var a = first.AddDatabase("a", "with space");
            var b = second.AddDatabase("b");
            var queue = builder.AddConnectionString("queue");
            var mail = builder.AddConnectionString("mail", ReferenceExpression.Create($"Key={builder.AddParameter("mail-key", secret: true)};To={b}"));
            builder.AddProject<Projects.ProSaas_MigrationWorker>("jobs")
                .WithReference(a)
                .WithReference(b, connectionName: "other-b")
                .WithReference(queue)
                .WithReference(mail)
                .WaitFor(a)
                .WaitFor(queue)
                .WaitForCompletion(second);
            """);

        var environment = published.Service("jobs")["environment"];
        environment["ConnectionStrings__a"].ToString().ShouldBe("Host=first;Port=5432;Username=${DB_USER};Password=${FIRST_PASSWORD};Database=\"with space\"");
        environment["A_URI"].ToString().ShouldBe("postgresql://${DB_USER}:${FIRST_PASSWORD}@first:5432/with%20space");
        environment["ConnectionStrings__other-b"].ToString().ShouldBe("Host=second;Port=5432;Username=postgres;Password=${SECOND_PASSWORD};Database=b");
        environment["ConnectionStrings__queue"].ToString().ShouldBe("${QUEUE}");
        environment["ConnectionStrings__mail"].ToString().ShouldBe("Key=${MAIL_KEY};To=Host=second;Port=5432;Username=postgres;Password=${SECOND_PASSWORD};Database=b");
        Names(published.Service("jobs")["depends_on"]).ShouldBe(["first", "second"]);
        published.Service("jobs")["depends_on"]["second"]["condition"].ToString().ShouldBe("service_completed_successfully");
        published.Environment.Split('\n').Where(line => line.EndsWith('=')).ShouldBe(["DB_USER=", "FIRST_PASSWORD=", "JOBS_IMAGE=", "MAIL_KEY=", "QUEUE=", "SECOND_PASSWORD="]);
    }

    [Fact]
    public async Task Condition_of_an_expression_is_decided_when_it_is_published()
    {
        using var published = await PublishedFolder.OfAsync("""
            var mode = builder.AddParameter("mode", "Fast");
            var speed = ReferenceExpression.CreateConditional(mode.Resource, "fast", ReferenceExpression.Create($"{mode}!"), ReferenceExpression.Create($"slow"));
            var slow = ReferenceExpression.CreateConditional(mode.Resource, "careful", ReferenceExpression.Create($"{mode}!"), ReferenceExpression.Create($"slow"));
            builder.AddContainer("a", "b", "c").WithEnvironment("FAST", speed).WithEnvironment("SLOW", slow).WithEnvironment("BRACES", $"{{{mode}}}");
            """);

        published.Service("a")["environment"]["FAST"].ToString().ShouldBe("${MODE}!");
        published.Service("a")["environment"]["SLOW"].ToString().ShouldBe("slow");
        published.Service("a")["environment"]["BRACES"].ToString().ShouldBe("{${MODE}}");
    }

    [Fact]
    public async Task Service_waits_for_no_resource_that_is_not_published()
    {
        using var published = await PublishedFolder.OfAsync("""
            var local = builder.AddContainer("local", "b", "c").ExcludeFromManifest();
            var program = builder.AddExecutable("program", "node", "..");
            builder.AddContainer("a", "b", "c").WaitFor(local).WaitForCompletion(program);
            """);

        Names(PublishedFolder.Yaml(published.Compose)["services"]).ShouldBe(["a"]);
        published.Compose.ShouldNotContain("depends_on");
    }

    [Fact]
    public async Task Changes_to_a_service_come_before_changes_to_the_file_and_its_variables()
    {
        using var published = await PublishedFolder.OfAsync("""
            compose.ConfigureComposeFile(file =>
                {
                    file.Name = "shop";
                    file.AddConfig(new() { Name = "motd", Content = "Hello\n\"World\" שלום" });
                    file.Services["renamed"].AddConfig(new() { Source = "motd", Target = "/etc/motd" });
                    file.Services["renamed"].Restart += "-stopped";
                })
                .ConfigureComposeFile(file => file.Services["renamed"].Healthcheck = new() { Test = ["CMD", "true"], Interval = "1s", Timeout = "2s", StartPeriod = "3s", Retries = 4 })
                .ConfigureEnvFile(variables => variables.Remove("B_IMAGE"));
            builder.AddDockerfile("b", "../web", "docker/Front.Dockerfile", "final")
                .WithEnvironment("EMPTY", "")
                .PublishAsDockerComposeService((resource, service) =>
                {
                    service.Name = "renamed";
                    service.Restart = "unless";
                    service.Build = new() { Context = resource.Name, Args = { ["KEY"] = resource.Parent.Name } };
                    service.Environment["yes"] = "no";
                });
            """);

        File.Exists(published.EnvironmentPath).ShouldBeFalse();
        published.Compose.ShouldBe(ReferenceAppHost.Read("changes.yaml"));
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
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)
            .ShouldBe([Path.Combine("compose", "docker-compose.yaml"), Path.Combine("edge", "docker-compose.yaml")]);
        (await File.ReadAllTextAsync(Path.Combine(folder, "edge", "docker-compose.yaml"), TestContext.Current.CancellationToken)).ShouldStartWith("services:\n  near:\n");
        (await File.ReadAllTextAsync(Path.Combine(folder, "compose", "docker-compose.yaml"), TestContext.Current.CancellationToken)).ShouldStartWith("services:\n  far:\n");
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
        const string Body = """builder.AddContainer("a", "b", "c").WithEnvironment("MAIL", builder.AddParameter("mail")).WithEnvironment("NEW", builder.AddParameter("new"));""";
        await published.PublishComposeAsync(ReferenceAppHost.Around($"builder.AddDockerComposeEnvironment(\"compose\").WithDashboard(false);{Body}"));

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

    private static IEnumerable<string> Items(YamlNode sequence) => ((YamlSequenceNode)sequence).Select(item => item.ToString());

    private static IEnumerable<string> Names(YamlNode mapping) => ((YamlMappingNode)mapping).Children.Keys.Select(name => name.ToString());
}
