using Microsoft.Extensions.Hosting;
using ProSaas.Api.Health;

namespace ProSaas.Tests.Deploy;

/// <summary>docker-compose.yml and docker-compose.prod.yml together, as programs other than ours read them.</summary>
public sealed partial class ComposeFilesTests
{
    // Read by dcprod.sh itself.
    private static readonly string[] OfBackups = ["BACKUP_KEEP", "BACKUP_PASSPHRASE_FILE"];
    private static readonly string[] Files = ["docker-compose.yml", "docker-compose.prod.yml"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_service_is_confined_limited_and_rotates_its_log()
    {
        var services = await MergeAsync();

        services.Keys.Order(StringComparer.Ordinal).ShouldBe(["baileys", "migrations", "n8n", "nginx", "postgres", "prosaas-api"]);
        foreach (var (name, service) in services)
        {
            service.GetProperty("read_only").GetBoolean().ShouldBeTrue(name);
            Texts(service, "tmpfs").ShouldContain(mount => mount.StartsWith("/tmp:", StringComparison.Ordinal), name);
            Texts(service, "cap_drop").ShouldBe(["ALL"], name);
            Texts(service, "security_opt").ShouldBe(["no-new-privileges:true"], name);
            service.GetProperty("mem_limit").GetString().ShouldNotBeNullOrEmpty(name);
            service.GetProperty("logging").GetProperty("options").GetProperty("max-size").GetString().ShouldBe("10m", name);
        }

        services.Where(service => Texts(service.Value, "cap_add").Count > 0).Select(service => service.Key).ShouldBe(["postgres"]);
    }

    [Fact]
    public async Task Only_nginx_has_ports_on_the_machine()
    {
        var services = await MergeAsync();

        services.Where(service => service.Value.TryGetProperty("ports", out _)).Select(service => service.Key).ShouldBe(["nginx"]);
        // On IPv4 alone: what comes over IPv6 may have the engine's own address.
        Texts(services["nginx"], "ports").ShouldBe(["0.0.0.0:80:8080/tcp", "0.0.0.0:443:8443/tcp"]);
        services["nginx"].GetProperty("environment").GetProperty("TLS_FOLDER").GetString().ShouldBe("/etc/nginx/tls");
    }

    [Fact]
    public async Task N8n_meets_its_database_and_nginx_alone()
    {
        var services = await MergeAsync();
        var networks = services.ToDictionary(
            service => service.Key, service => service.Value.GetProperty("networks").EnumerateObject().Select(network => network.Name));

        services.Keys.Where(name => name is not "n8n" && networks[name].Intersect(networks["n8n"]).Any())
            .Order(StringComparer.Ordinal).ShouldBe(["nginx", "postgres"]);
        // Whom the API believes what it says of clients: its own network has nobody else.
        services.Keys.Where(name => networks[name].Intersect(networks["prosaas-api"]).Any())
            .Order(StringComparer.Ordinal).ShouldBe(["baileys", "migrations", "nginx", "postgres", "prosaas-api"]);
    }

    [Theory]
    [InlineData("", "false")]
    [InlineData("N8N_OPEN=true", "true")]
    public async Task N8n_is_shut_unless_it_is_opened(string set, string expected)
    {
        var nginx = (await MergeAsync(set))["nginx"];

        nginx.GetProperty("environment").GetProperty("N8N_OPEN").GetString().ShouldBe(expected);
    }

    [Fact]
    public async Task Api_has_the_time_it_takes_to_stop()
    {
        var api = (await MergeAsync())["prosaas-api"];

        var given = int.Parse(api.GetProperty("stop_grace_period").GetString()!.TrimEnd('s'), null);
        TimeSpan.FromSeconds(given).ShouldBeGreaterThan(DrainOptions.ProductionDelay + new HostOptions().ShutdownTimeout);
    }

    [Theory]
    [InlineData(null, "false")]
    [InlineData("true", "true")]
    public async Task Speech_warmup_can_be_left_out(string? set, string expected)
    {
        var api = (await MergeAsync(set is null ? "" : $"DISABLE_TTS_WARMUP={set}"))["prosaas-api"];

        api.GetProperty("environment").GetProperty("DISABLE_TTS_WARMUP").GetString().ShouldBe(expected);
    }

    [Theory]
    [InlineData("POSTGRES_PASSWORD")]
    [InlineData("APP_DB_PASSWORD")]
    [InlineData("N8N_DB_PASSWORD")]
    [InlineData("BAILEYS_SECRET")]
    [InlineData("DATA_PROTECTION_SECRET")]
    [InlineData("N8N_ENCRYPTION_KEY")]
    [InlineData("DOMAIN")]
    public async Task Required_variable_that_is_not_set_is_named(string name)
    {
        var answer = await RunComposeAsync($"{name}=");

        answer.ExitCode.ShouldNotBe(0);
        answer.Error.ShouldContain($"Set {name} in .env");
    }

    [Theory]
    [InlineData("docker-compose.yml")]
    [InlineData("docker-compose.prod.yml")]
    public async Task File_is_valid_by_the_schema_of_compose(string file)
    {
        var linter = Path.Combine(Repository.Root, "artifacts", "dclint", "node_modules", ".bin", "dclint");
        Assert.SkipUnless(File.Exists(linter), "dclint is not installed: npm install --prefix artifacts/dclint dclint@3.1.0");

        var answer = await ShellCommand.RunAsync(Repository.Root, linter, "--formatter", "json", file);

        var rules = JsonDocument.Parse(answer.Output).RootElement[0]
            .GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("rule").GetString()).ToList();
        // It has opinions on style, which show that it has read the file.
        rules.ShouldContain("service-keys-order");
        rules.ShouldNotContain("invalid-schema");
        rules.ShouldNotContain("invalid-yaml");
    }

    [Fact]
    public void Example_of_the_environment_has_every_variable_and_no_other()
    {
        var used = Files.SelectMany(file => Variable().Matches(Repository.Read(file)).Select(match => match.Groups["name"].Value))
            .Concat(OfBackups).Distinct().Order(StringComparer.Ordinal);
        var shown = Assignment().Matches(Repository.Read(".env.example")).Select(match => match.Groups["name"].Value).ToList();

        shown.ShouldBeUnique();
        shown.Order(StringComparer.Ordinal).ShouldBe(used);
    }

    [Fact]
    public void Example_of_the_environment_asks_for_what_is_required_and_shows_the_defaults()
    {
        var variables = Files.SelectMany(file => Variable().Matches(Repository.Read(file)))
            .ToLookup(match => match.Groups["name"].Value, match => match.Groups["default"].Value);
        foreach (Match line in Assignment().Matches(Repository.Read(".env.example")))
        {
            var name = line.Groups["name"].Value;
            if (OfBackups.Contains(name))
            {
                continue;
            }

            var fallback = variables[name].Distinct().ShouldHaveSingleItem(name);
            line.Groups["comment"].Success.ShouldBe(!fallback.StartsWith('?'), name);
            line.Groups["value"].Value.ShouldBe(fallback.StartsWith('?') ? "" : fallback[1..], name);
        }
    }

    private static async Task<Dictionary<string, JsonElement>> MergeAsync(string more = "")
    {
        var answer = await RunComposeAsync(more);
        answer.ExitCode.ShouldBe(0, answer.Error);
        return JsonDocument.Parse(answer.Output).RootElement
            .GetProperty("services").EnumerateObject().ToDictionary(service => service.Name, service => service.Value);
    }

    /// <summary>
    /// The merged files, as JSON. The tool, which is older than the files, knows no name of a project in them,
    /// and wants the folders of builds.
    /// </summary>
    private static async Task<ShellCommand> RunComposeAsync(string more)
    {
        Assert.SkipUnless(ShellCommand.IsOnPath("docker-compose") && File.Exists("/usr/bin/python3"),
            "docker-compose is not installed: on Debian, 'apt-get install docker-compose'");
        var folder = Directory.CreateTempSubdirectory("prosaas-compose-");
        try
        {
            foreach (var file in Files)
            {
                await File.WriteAllLinesAsync(Path.Combine(folder.FullName, file), Repository.Read(file)
                    .Split('\n').Where(line => !line.StartsWith("name:", StringComparison.Ordinal)), Ct);
            }

            folder.CreateSubdirectory("services/baileys");
            folder.CreateSubdirectory("deploy/nginx");
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, ".env"), $"{EmptyValue().Replace(Repository.Read(".env.example"), "=value")}\n{more}\n", Ct);
            return await ShellCommand.RunAsync(
                folder.FullName,
                "bash",
                "-c",
                "set -o pipefail; docker-compose -f docker-compose.yml -f docker-compose.prod.yml --env-file .env config | /usr/bin/python3 -c 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)'");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IReadOnlyList<string> Texts(JsonElement service, string name) =>
        service.TryGetProperty(name, out var list) ? [.. list.EnumerateArray().Select(item => item.GetString()!)] : [];

    [GeneratedRegex(@"\$\{(?<name>[A-Z0-9_]+):(?<default>[-?][^}]*)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();

    [GeneratedRegex("^(?<comment>#)?(?<name>[A-Z0-9_]+)=(?<value>.*)$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assignment();

    [GeneratedRegex("(?<=^[A-Z0-9_]+)=$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EmptyValue();
}
