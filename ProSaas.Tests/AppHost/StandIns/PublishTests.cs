using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace ProSaas.Tests.AppHost.StandIns;

/// <summary>Shapes that the reference does not have are published as the packages' sources say.</summary>
public sealed class PublishTests
{
    [Fact]
    public async Task Project_with_several_endpoints_is_told_all_its_ports()
    {
        using var published = await PublishedFolder.OfAsync("""
            builder.AddProject<Projects.ProSaas_Api>("web")
                .WithHttpEndpoint(name: "admin")
                .WithHttpEndpoint(name: "metrics", targetPort: 9091)
                .WithHttpEndpoint(name: "own", targetPort: 7000, env: "OWN_PORT")
                .WithExternalHttpEndpoints();
            builder.AddProject<Projects.ProSaas_MigrationWorker>("jobs").WithHttpEndpoint(port: 8000);
            """);

        ShouldBeJson(published.Resource("web"), """
            {
              "type": "project.v0",
              "path": "ProSaas.Api/ProSaas.Api.csproj",
              "env": {
                "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY": "in_memory",
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED": "true",
                "HTTP_PORTS": "{web.bindings.http.targetPort};{web.bindings.admin.targetPort};{web.bindings.metrics.targetPort}",
                "OWN_PORT": "{web.bindings.own.targetPort}"
              },
              "bindings": {
                "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "external": true },
                "https": { "scheme": "https", "protocol": "tcp", "transport": "http", "external": true },
                "admin": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 8000, "external": true },
                "metrics": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 9091, "external": true },
                "own": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 7000, "external": true }
              }
            }
            """);
        ShouldBeJson(published.Resource("jobs")["bindings"]!, """{ "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "port": 8000 } }""");
        published.Service("web")["environment"]["HTTP_PORTS"].ToString().ShouldBe("${WEB_PORT};8000;9091");
        Items(published.Service("web")["ports"]).ShouldBe(["${WEB_PORT}", "8000", "9091", "7000"]);
        Items(published.Service("jobs")["expose"]).ShouldBe(["${JOBS_PORT}"]);
        published.Environment.ShouldContain("# Default container port for web\nWEB_PORT=\n");
    }

    [Fact]
    public async Task Ports_that_nobody_gave_are_counted_through_the_whole_file()
    {
        using var published = await PublishedFolder.OfAsync("""
            builder.AddExecutable("one", "node", "../one", "a.mjs", "--flag").WithHttpEndpoint();
            var two = builder.AddExecutable("Two-B", "node", "../two", "b.mjs").WithHttpEndpoint(env: "PORT").PublishAsDockerFile();
            builder.AddProject<Projects.ProSaas_MigrationWorker>("jobs")
                .WithReference(two.GetEndpoint("http"))
                .WithEnvironment("TWO", $"at {two.GetEndpoint("http")}/path")
                .WaitFor(two);
            """);

        ShouldBeJson(published.Resource("one"), """
            {
              "type": "executable.v0",
              "workingDirectory": "one",
              "command": "node",
              "args": [ "a.mjs", "--flag" ],
              "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 8000 } }
            }
            """);
        ShouldBeJson(published.Resource("Two-B"), """
            {
              "type": "container.v1",
              "build": { "context": "two", "dockerfile": "two/Dockerfile" },
              "env": { "PORT": "{Two-B.bindings.http.targetPort}" },
              "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 8001 } }
            }
            """);
        ShouldBeJson(published.Resource("jobs")["env"]!, """
            {
              "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY": "in_memory",
              "TWO_B_HTTP": "{Two-B.bindings.http.url}",
              "services__Two-B__http__0": "{Two-B.bindings.http.url}",
              "TWO": "at {Two-B.bindings.http.url}/path"
            }
            """);
        Names(PublishedFolder.Yaml(published.Compose)["services"]).ShouldBe(["two-b", "jobs"]);
        published.Service("two-b")["image"].ToString().ShouldBe("${TWO_B_IMAGE}");
        published.Service("two-b")["environment"]["PORT"].ToString().ShouldBe("8000");
        published.Service("jobs")["environment"]["services__Two-B__http__0"].ToString().ShouldBe("http://Two-B:8000");
        published.Service("jobs")["depends_on"]["two-b"]["condition"].ToString().ShouldBe("service_started");
    }

    [Fact]
    public async Task Program_that_is_published_as_a_container_may_have_what_only_a_container_has()
    {
        using var published = await PublishedFolder.OfAsync("""
            builder.AddExecutable("store", "node", "../store", "a.mjs").WithEnvironment("DATA", "/data").PublishAsDockerFile(container => container.WithVolume("kept", "/data"));
            """);

        ShouldBeJson(published.Resource("store"), """
            {
              "type": "container.v1",
              "build": { "context": "store", "dockerfile": "store/Dockerfile" },
              "volumes": [ { "name": "kept", "target": "/data", "readOnly": false } ],
              "env": { "DATA": "/data" }
            }
            """);
        var volume = published.Service("store")["volumes"][0];
        (volume["source"].ToString(), volume["target"].ToString(), volume["read_only"].ToString()).ShouldBe(("kept", "/data", "false"));
        Names(PublishedFolder.Yaml(published.Compose)["volumes"]).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task Addresses_of_one_resource_are_told_in_its_own_order_without_its_https_ones_in_compose()
    {
        using var published = await PublishedFolder.OfAsync("""
            var web = builder.AddProject<Projects.ProSaas_Api>("web").WithHttpEndpoint(name: "metrics", targetPort: 9091);
            builder.AddContainer("caller", "curl", "8")
                .WithReference(web.GetEndpoint("metrics"))
                .WithEnvironment("BETWEEN", "1")
                .WithReference(web.GetEndpoint("https"))
                .WithReference(web.GetEndpoint("none"));
            """);

        published.Resource("caller")["env"]!.AsObject().Select(variable => variable.Key)
            .ShouldBe(["WEB_HTTPS", "services__web__https__0", "WEB_METRICS", "services__web__metrics__0", "BETWEEN"]);
        Names(published.Service("caller")["environment"]).ShouldBe(["WEB_HTTPS", "WEB_METRICS", "services__web__metrics__0", "BETWEEN"]);
    }

    [Fact]
    public async Task Several_servers_and_databases_have_each_their_password_and_names()
    {
        using var published = await PublishedFolder.OfAsync("""
            var user = builder.AddParameter("db-user");
            var first = builder.AddPostgres("first", user);
            var second = builder.AddPostgres("second", port: 6000);
            var a = first.AddDatabase("a", "with space");
            var b = second.AddDatabase("b");
            builder.AddProject<Projects.ProSaas_MigrationWorker>("jobs")
                .WithReference(a)
                .WithReference(b, connectionName: "other-b")
                .WithReference(second)
                .WaitFor(a)
                .WaitForCompletion(second);
            """);

        JsonNode.Parse(published.Manifest)!["resources"]!.AsObject().Select(resource => resource.Key).ShouldBe(
        [
            "db-user", "first", "second", "a", "b", "jobs",
            "first-password", "first-password-uri-encoded", "second-password", "second-password-uri-encoded", "db-user-uri-encoded",
        ]);
        published.Resource("a")["connectionString"]!.GetValue<string>().ShouldBe("{first.connectionString};Database=\"with space\"");
        ShouldBeJson(published.Resource("second")["bindings"]!, """{ "tcp": { "scheme": "tcp", "protocol": "tcp", "transport": "tcp", "port": 6000, "targetPort": 5432 } }""");
        ShouldBeJson(published.Resource("jobs")["env"]!, """
            {
              "OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY": "in_memory",
              "ConnectionStrings__a": "{a.connectionString}",
              "A_HOST": "{first.bindings.tcp.host}",
              "A_PORT": "{first.bindings.tcp.port}",
              "A_USERNAME": "{db-user.value}",
              "A_PASSWORD": "{first-password.value}",
              "A_URI": "postgresql://{db-user-uri-encoded.value}:{first-password-uri-encoded.value}@{first.bindings.tcp.host}:{first.bindings.tcp.port}/with%20space",
              "A_JDBCCONNECTIONSTRING": "jdbc:postgresql://{first.bindings.tcp.host}:{first.bindings.tcp.port}/with%20space",
              "A_DATABASENAME": "with space",
              "ConnectionStrings__other-b": "{b.connectionString}",
              "OTHER_B_HOST": "{second.bindings.tcp.host}",
              "OTHER_B_PORT": "{second.bindings.tcp.port}",
              "OTHER_B_USERNAME": "postgres",
              "OTHER_B_PASSWORD": "{second-password.value}",
              "OTHER_B_URI": "postgresql://postgres:{second-password-uri-encoded.value}@{second.bindings.tcp.host}:{second.bindings.tcp.port}/b",
              "OTHER_B_JDBCCONNECTIONSTRING": "jdbc:postgresql://{second.bindings.tcp.host}:{second.bindings.tcp.port}/b",
              "OTHER_B_DATABASENAME": "b",
              "ConnectionStrings__second": "{second.connectionString}",
              "SECOND_HOST": "{second.bindings.tcp.host}",
              "SECOND_PORT": "{second.bindings.tcp.port}",
              "SECOND_USERNAME": "postgres",
              "SECOND_PASSWORD": "{second-password.value}",
              "SECOND_URI": "postgresql://postgres:{second-password-uri-encoded.value}@{second.bindings.tcp.host}:{second.bindings.tcp.port}",
              "SECOND_JDBCCONNECTIONSTRING": "jdbc:postgresql://{second.bindings.tcp.host}:{second.bindings.tcp.port}"
            }
            """);
        published.Service("jobs")["environment"]["A_URI"].ToString().ShouldBe("postgresql://${DB_USER}:${FIRST_PASSWORD}@first:5432/with%20space");
        Names(published.Service("jobs")["depends_on"]).ShouldBe(["first", "second"]);
        published.Service("jobs")["depends_on"]["second"]["condition"].ToString().ShouldBe("service_completed_successfully");
    }

    [Fact]
    public async Task Image_built_from_a_stage_keeps_its_port_volume_and_stage()
    {
        using var published = await PublishedFolder.OfAsync("""
            builder.AddDockerfile("front", "../web", "docker/Front.Dockerfile", "final")
                .WithHttpEndpoint(port: 8080)
                .WithExternalHttpEndpoints()
                .WithVolume("files", "/data", isReadOnly: true);
            """);

        ShouldBeJson(published.Resource("front"), """
            {
              "type": "container.v1",
              "build": { "context": "web", "dockerfile": "web/docker/Front.Dockerfile", "stage": "final" },
              "volumes": [ { "name": "files", "target": "/data", "readOnly": true } ],
              "bindings": { "http": { "scheme": "http", "protocol": "tcp", "transport": "http", "targetPort": 8080, "external": true } }
            }
            """);
        Items(published.Service("front")["ports"]).ShouldBe(["8080:8080"]);
        published.Compose.ShouldContain("""
                  - type: "volume"
                    target: "/data"
                    source: "files"
                    read_only: true
            """);
    }

    [Fact]
    public async Task Application_without_variables_gets_no_file_for_them()
    {
        using var published = await PublishedFolder.OfAsync("builder.AddContainer(\"cache\", \"redis\", \"8\").WithEnvironment(\"A\", \"1\");");
        File.Exists(Path.Combine(published.Root, "compose", ".env")).ShouldBeFalse();
        published.Compose.ShouldBe("""
            services:
              cache:
                image: "redis:8"
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
    public async Task Image_of_another_registry_is_published_as_it_was_given()
    {
        using var published = await PublishedFolder.OfAsync("builder.AddContainer(\"cache\", \"registry.example:5000/team/redis\", \"8\");");
        published.Resource("cache")["image"]!.GetValue<string>().ShouldBe("registry.example:5000/team/redis:8");
        published.Service("cache")["image"].ToString().ShouldBe("registry.example:5000/team/redis:8");
    }

    [Fact]
    public async Task Manifest_without_a_file_name_gets_its_own()
    {
        using var published = await PublishedFolder.OfAsync("builder.AddContainer(\"cache\", \"redis\", \"8\");");
        await ReferenceAppHost.PublishAsync(ReferenceAppHost.Around("builder.AddContainer(\"cache\", \"redis\", \"8\");"), published.Root, "--publisher", "manifest", "--output-path", "../folder");
        (await File.ReadAllTextAsync(Path.Combine(published.Root, "folder", "aspire-manifest.json"), TestContext.Current.CancellationToken)).ShouldBe(published.Manifest);
    }

    private static void ShouldBeJson(JsonNode actual, string expected) => actual.ToJsonString().ShouldBe(JsonNode.Parse(expected)!.ToJsonString());

    private static IEnumerable<string> Items(YamlNode sequence) => ((YamlSequenceNode)sequence).Select(item => item.ToString());

    private static IEnumerable<string> Names(YamlNode mapping) => ((YamlMappingNode)mapping).Children.Keys.Select(name => name.ToString());
}
