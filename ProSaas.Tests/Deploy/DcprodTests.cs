using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProSaas.Tests.Deploy;

/// <summary>The operators' command, with a docker that writes down how it is called.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DcprodTests(PostgresFixture postgres, ApiFixture api)
{
    private const string Migrate = $"{ServerFixture.Compose} run --rm -T --no-deps migrations";

    // A project in which the API is replaced: the second container is there from "--scale" on.
    private const string Replaceable = """
          *" ps -q postgres") echo database ;;
          *" ps -q prosaas-api") echo old ;;
          *" --scale "*) ;;
          *" ps -q -a prosaas-api") printf '%s\n' old new ;;
          "ps -a "*) printf '%s\n' 'migrations Exited (0) 5 seconds ago' 'nginx Up 1 second (healthy)' 'prosaas-api Up 3 seconds (healthy)' ;;
        """;

    private const string Healthy = """
          "inspect "*) echo healthy ;;
        """;

    [Theory]
    [InlineData("down")]
    [InlineData("up -d --build --force-recreate")]
    [InlineData("ps")]
    [InlineData("logs -f")]
    [InlineData("restart prosaas-api")]
    public async Task Command_goes_to_compose_with_both_files_from_any_folder(string command)
    {
        using var server = new ServerFixture();

        var answer = await server.RunAsync(command.Split(' '));

        answer.ExitCode.ShouldBe(0, answer.Error);
        server.Calls.ShouldBe([$"{ServerFixture.Compose} {command}"]);
        answer.Output.ShouldBe(
            $"docker {ServerFixture.Compose} {command} in {server.Root} with {9 + command.Split(' ').Length} arguments\n");
    }

    [Fact]
    public async Task Arguments_stay_whole_and_the_exit_code_is_dockers()
    {
        using var server = new ServerFixture("  *psql*) [ \"${@: -1}\" = \"SELECT 1;  SELECT 2\" ] && exit 37 ;;");

        (await server.RunAsync("exec", "postgres", "psql", "-c", "SELECT 1;  SELECT 2")).ExitCode.ShouldBe(37);
    }

    [Theory]
    [InlineData("command() { return 1; }; export -f command", 69, "Docker is missing: install it from ")]
    [InlineData("docker() { [ \"$1\" != compose ]; }; export -f docker", 69, "Docker has no 'docker compose': install its Compose plugin")]
    [InlineData("docker() { [ \"$1\" != info ]; }; export -f docker", 69, "The Docker daemon cannot be reached: start it")]
    [InlineData("rm ../.env", 78, ".env is missing in ")]
    public async Task Server_that_lacks_something_is_told_what_in_one_line(string lack, int exitCode, string line)
    {
        using var server = new ServerFixture();

        Refused(server, await server.RunLineAsync($"{lack}; \"$dcprod\" down"), exitCode, line);
    }

    [Theory]
    [InlineData("POSTGRES_PASSWORD", "", "POSTGRES_PASSWORD is not set: set it in .env")]
    [InlineData("N8N_ENCRYPTION_KEY", "''", "N8N_ENCRYPTION_KEY is not set: ")]
    [InlineData("BAILEYS_SECRET", "# later", "BAILEYS_SECRET is not set: ")]
    [InlineData("BAILEYS_SECRET", "change-me", "BAILEYS_SECRET is still a placeholder: ")]
    [InlineData("BAILEYS_SECRET", "fifteen-charact", "BAILEYS_SECRET is too short. Allowed: 16 characters or more")]
    [InlineData("APP_DB_PASSWORD", "<password>", "APP_DB_PASSWORD is still a placeholder: ")]
    [InlineData("DOMAIN", "example.com", "DOMAIN is still a placeholder: ")]
    [InlineData("DOMAIN", "https://shop.example.org",
        "DOMAIN is 'https://shop.example.org'. Allowed: a domain name without scheme, port or path")]
    [InlineData("DOMAIN", "shop.example.org/", "DOMAIN is 'shop.example.org/'. ")]
    [InlineData("DOMAIN", "\"shop example.org\"", "DOMAIN is 'shop example.org'. ")]
    [InlineData("DOMAIN", "localhost", "DOMAIN is 'localhost'. Allowed: a domain name with a dot")]
    [InlineData("DOMAIN", "shop..example.org", "DOMAIN is 'shop..example.org'. ")]
    [InlineData("POSTGRES_PASSWORD", "p@ss/word", "POSTGRES_PASSWORD has characters that break a connection string.")]
    [InlineData("N8N_DB_PASSWORD", "'a b;c'", "N8N_DB_PASSWORD has characters that break a connection string.")]
    public async Task Wrong_value_is_named_in_one_line_before_anything_is_changed(string name, string value, string line)
    {
        using var server = new ServerFixture();
        server.Write(name, value);

        foreach (var command in (string[])["down", "up", "update"])
        {
            Refused(server, await server.RunAsync(command), 78, line);
        }
    }

    [Theory]
    [InlineData("N8N_ENCRYPTION_KEY", "0123456789abc$def")]
    [InlineData("BAILEYS_SECRET", "\"0123456789abcdef$$\"")]
    [InlineData("BAILEYS_SECRET", "0123456789abcdef #more")]
    [InlineData("OPENAI_API_KEY", "#0123456789")]
    [InlineData("OPENAI_API_KEY", "it's")]
    [InlineData("ADMIN_PASSWORD", "two words")]
    [InlineData("N8N_ENCRYPTION_KEY", "'ends in a backslash\\'")]
    [InlineData("N8N_ENCRYPTION_KEY", "a\\b")]
    public async Task Secret_that_compose_would_change_is_refused_by_name(string name, string written)
    {
        using var server = new ServerFixture();
        server.Write(name, written);

        var answer = await server.RunAsync("up");

        Refused(server, answer, 78, $"{name} in .env has characters that Compose would change or drop");
        answer.Error.ShouldNotContain(written);
    }

    [Theory]
    [InlineData("N8N_ENCRYPTION_KEY", "'a $b \"c\" #d \\e f'")]
    [InlineData("ADMIN_PASSWORD", "'two words'")]
    [InlineData("GOOGLE_CREDENTIALS_JSON", "'{\"key\": \"a\\nb\"}'")]
    public async Task Secret_between_single_quotes_is_taken(string name, string written)
    {
        using var server = new ServerFixture();
        server.Write(name, written);

        (await server.RunAsync("down")).Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Variable_that_reaches_no_service_and_file_that_is_open_to_others_are_told()
    {
        using var server = new ServerFixture();
        server.Write("Budgets__Replies", "5");
        File.SetUnixFileMode(server.At(".env"), UnixFileMode.UserRead | UnixFileMode.GroupRead);

        var answer = await server.RunAsync("down");

        answer.ExitCode.ShouldBe(0);
        answer.Error.ShouldContain("Budgets__Replies in .env reaches no service");
        answer.Error.ShouldContain("chmod 600 ");
    }

    [Theory]
    [InlineData("\"shop.example.org\" # ours")]
    [InlineData("'shop.example.org'")]
    [InlineData("shop.example.org   # ours\r")]
    public async Task Value_is_read_as_compose_reads_it(string written)
    {
        using var server = new ServerFixture();
        server.Write("DOMAIN", written);

        (await server.RunAsync("down")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Value_in_the_environment_wins_over_the_file()
    {
        using var server = new ServerFixture();
        server.Set("DOMAIN", "http://wrong");

        Refused(server, await server.RunAsync("down"), 78, "DOMAIN is 'http://wrong'. ");
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        using var server = new ServerFixture();
        File.Copy(server.At(".env"), server.At("elsewhere/.env"));
        File.WriteAllText(server.At(".env"), "DOMAIN=localhost\n");
        File.Delete(server.At("tls/fullchain.pem"));

        var lines = (await server.RunAsync("up", "-d")).Error.TrimEnd().Split('\n');

        lines.Length.ShouldBe(8);
        lines.Count(line => line.Contains("is not set", StringComparison.Ordinal)).ShouldBe(6);
        lines.ShouldContain(line => line.StartsWith("tls/fullchain.pem is missing in ", StringComparison.Ordinal));
        server.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task Key_that_nginx_cannot_read_is_told()
    {
        using var server = new ServerFixture();
        File.SetUnixFileMode(server.At("tls/privkey.pem"), UnixFileMode.UserRead);

        Refused(server, await server.RunAsync("up", "-d"), 78, "tls/privkey.pem cannot be read by nginx, which is user 101: ");
    }

    [Fact]
    public async Task Wrong_value_does_not_keep_anybody_from_looking()
    {
        using var server = new ServerFixture();
        server.Write("DOMAIN", "localhost");

        foreach (var command in (string[])["ps", "logs", "exec", "top"])
        {
            (await server.RunAsync(command)).ExitCode.ShouldBe(0);
        }
    }

    [Fact]
    public async Task Port_of_another_program_is_told_before_anything_is_started()
    {
        using var server = new ServerFixture();
        using var other = new TcpListener(IPAddress.Loopback, server.TlsPort);
        other.Start();

        Refused(server, await server.RunAsync("up", "-d"), 78, $"Port {server.TlsPort} is in use");
        (await server.RunAsync("down")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Port_of_our_own_nginx_is_no_hindrance()
    {
        using var server = new ServerFixture("""  *" port nginx 8443") echo 0.0.0.0:443 ;;""");
        using var own = new TcpListener(IPAddress.Loopback, server.TlsPort);
        own.Start();

        (await server.RunAsync("up", "-d")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Status_shows_services_the_course_of_the_start_and_the_certificate()
    {
        using var server = new ServerFixture("""
              "ps -a "*) printf '%s\n' 'prosaas-api Up 3 minutes (healthy)' 'migrations Exited (0) 3 minutes ago' ;;
              *"exec -T prosaas-api dotnet ProSaas.Api.dll --probe http://127.0.0.1:8080/api/startup") cat startup.json ;;
            """);
        File.Copy(Path.Combine(Repository.Root, "ProSaas.Tests", "Deploy", "startup.json"), server.At("startup.json"));
        await File.WriteAllTextAsync(
            server.At("tls/fullchain.pem"), Certificate(DateTimeOffset.UtcNow.AddDays(1)), TestContext.Current.CancellationToken);

        var answer = await server.RunAsync("status");

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.Output.Split('\n').Select(line => line.TrimEnd()).Take(11).ShouldBe([
            "SERVICE       STATUS",
            "migrations    Exited (0) 3 minutes ago",
            "prosaas-api   Up 3 minutes (healthy)",
            "",
            "START-UP          STATE          SECONDS ATTEMPTS",
            "schema_gate       succeeded          0.8        4",
            "agent_warmup      retrying                      2  last error: TimeoutException",
            "tts_warmup        skipped                       0  DISABLE_TTS_WARMUP is set",
            "whatsapp_probe    running                       1  waits for the WhatsApp service",
            "last failure of the migrations: PostgresException",
            "version 1.2.3     late, 19/20 agents warm",
        ]);
        if (ShellCommand.IsOnPath("openssl"))
        {
            answer.Output.ShouldContain($"CERTIFICATE   {DateTimeOffset.UtcNow.AddDays(1).ToString("MMM", CultureInfo.InvariantCulture)}");
        }
    }

    [Fact]
    public async Task Status_reads_what_the_api_itself_says()
    {
        var running = await api.GetAsync(postgres);
        using var server = new ServerFixture($"""
              "ps -a "*) echo 'prosaas-api Up 3 minutes (healthy)' ;;
              *" exec -T prosaas-api dotnet ProSaas.Api.dll --probe http://127.0.0.1:8080/api/startup")
                dotnet "{Path.Combine(AppContext.BaseDirectory, "ProSaas.Api.dll")}" --probe "{running.Service.Http.BaseAddress}api/startup" ;;
            """);

        // How many agents there are is what other tests have made of this API's businesses.
        await Eventually.TrueAsync(
            async () => (await server.RunAsync("status")).Output.Split('\n').Any(line =>
                line.StartsWith("version ", StringComparison.Ordinal) && line.EndsWith(" agents warm", StringComparison.Ordinal)),
            "status says how many agents are warm");
        (await server.RunAsync("status")).Output.ShouldMatch(@"(?m)^schema_gate +succeeded +\d+\.\d +\d+ *$");
    }

    [Fact]
    public async Task Status_tells_by_its_exit_code_and_its_lines_that_something_is_wrong()
    {
        Assert.SkipUnless(ShellCommand.IsOnPath("openssl"), "openssl is not installed.");
        using var server = new ServerFixture("""
              "ps -a "*) printf '%s\n' 'prosaas-api Up 3 minutes (unhealthy)' 'migrations Exited (1) 3 minutes ago' ;;
              *" --probe "*) echo 'http://127.0.0.1:8080/api/startup did not answer within 2.5 s.' >&2; exit 1 ;;
            """);
        await File.WriteAllTextAsync(
            server.At("tls/fullchain.pem"), Certificate(DateTimeOffset.UtcNow.AddHours(-1)), TestContext.Current.CancellationToken);

        var answer = await server.RunAsync("status");

        answer.ExitCode.ShouldBe(1);
        answer.Output.ShouldContain("START-UP      not known: http://127.0.0.1:8080/api/startup did not answer within 2.5 s.");
        answer.Output.ShouldContain(": it is over, renew it");
    }

    [Fact]
    public async Task Update_migrates_first_then_replaces_the_api_then_the_rest()
    {
        using var server = new ServerFixture(Replaceable + Healthy);

        var answer = await server.RunAsync("update");

        answer.ExitCode.ShouldBe(0, answer.Error);
        answer.Error.ShouldEndWith("Updated: all services are healthy.\n");
        server.Calls.Where(call => !call.StartsWith("inspect", StringComparison.Ordinal)
            && !call.StartsWith("ps", StringComparison.Ordinal) && !call.Contains(" ps -q", StringComparison.Ordinal)).ShouldBe([
            $"{ServerFixture.Compose} build",
            $"{ServerFixture.Compose} up -d --no-recreate postgres",
            Migrate,
            $"{ServerFixture.Compose} up -d --no-deps --no-recreate --scale prosaas-api=2 prosaas-api",
            "stop old",
            "rm old",
            "rename new prosaasil-prosaas-api-1",
            $"{ServerFixture.Compose} rm -f migrations",
            $"{ServerFixture.Compose} up -d --remove-orphans",
        ]);
    }

    [Fact]
    public async Task Update_of_a_server_on_which_nothing_runs_starts_it()
    {
        using var server = new ServerFixture("""
              *" ps -q postgres") echo database ;;
              *" ps -q prosaas-api") ;;
              "ps -a "*) echo 'prosaas-api Up 3 seconds (healthy)' ;;
            """ + "\n" + Healthy);

        var answer = await server.RunAsync("update");

        answer.ExitCode.ShouldBe(0, answer.Error);
        server.Calls.ShouldNotContain(call => call.Contains("--scale", StringComparison.Ordinal));
        server.Calls.ShouldContain($"{ServerFixture.Compose} up -d --remove-orphans");
    }

    [Theory]
    [InlineData("  *\" build\") exit 17 ;;", "The images could not be built: nothing was changed.", "build")]
    [InlineData("  *\" up -d --no-recreate postgres\") exit 1 ;;", "PostgreSQL did not become healthy: nothing was replaced.", "postgres")]
    [InlineData("  *\" migrations\") exit 1 ;;", "The migration failed (exit code 1): nothing was replaced, what ran before still serves.",
        "migrations")]
    public async Task Update_that_fails_before_the_api_is_touched_leaves_everything_running(string failure, string line, string last)
    {
        using var server = new ServerFixture($"{failure}\n{Replaceable}{Healthy}");

        var answer = await server.RunAsync("update");

        answer.ExitCode.ShouldBe(70);
        answer.Error.TrimEnd().Split('\n')[^1].ShouldStartWith(line);
        server.Calls[^1].ShouldEndWith(last);
    }

    [Fact]
    public async Task New_api_that_does_not_become_healthy_is_removed_and_the_old_one_stays()
    {
        using var server = new ServerFixture($$"""
            {{Replaceable}}
              "inspect "*database) echo healthy ;;
              "inspect "*) echo starting ;;
              "logs --tail 20 new") echo 'fail: no model' >&2 ;;
            """);
        server.Edit("scripts/dcprod.sh", "HEALTH_LIMIT=180", "HEALTH_LIMIT=1");

        var answer = await server.RunAsync("update");

        answer.ExitCode.ShouldBe(70);
        answer.Error.ShouldContain("fail: no model");
        answer.Error.ShouldContain("The new API did not become healthy within 1 s and was removed; the old one stays.");
        server.Calls.ShouldContain("rm -f new");
        server.Calls.ShouldNotContain(call =>
            call.StartsWith("stop", StringComparison.Ordinal) || call.EndsWith("--remove-orphans", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Service_that_stays_unhealthy_after_an_update_is_named()
    {
        using var server = new ServerFixture("""
              "ps -a "*) printf '%s\n' 'migrations Exited (0) 5 seconds ago' 'n8n Up 1 second (health: starting)' ;;
            """ + $"\n{Replaceable}{Healthy}");
        server.Edit("scripts/dcprod.sh", "HEALTH_LIMIT=180", "HEALTH_LIMIT=1");

        var answer = await server.RunAsync("update");

        answer.ExitCode.ShouldBe(70);
        answer.Error.ShouldContain(
            "n8n Up 1 second (health: starting)\nNot healthy after 1 s: the services above. See: scripts/dcprod.sh logs n8n\n");
    }

    [Theory]
    [InlineData("update", "now")]
    [InlineData("status", "--all")]
    [InlineData("backup")]
    [InlineData("restore", "a", "b")]
    public async Task Wrong_call_ends_in_one_line(params string[] arguments)
    {
        using var server = new ServerFixture();

        Refused(server, await server.RunAsync(arguments), 64, $"scripts/dcprod.sh {arguments[0]}");
    }

    [Fact]
    public async Task Guide_followed_to_the_letter_starts_the_services()
    {
        Assert.SkipUnless(ShellCommand.IsOnPath("openssl"), "openssl is not installed.");
        Assert.SkipUnless(Environment.UserName == "root", "The guide gives the key to nginx's user, which root alone may do.");
        using var server = new ServerFixture();
        Directory.Delete(server.At("tls"), recursive: true);
        File.Delete(server.At(".env"));
        File.Copy(Path.Combine(Repository.Root, ".env.example"), server.At(".env.example"));

        var answer = await server.RunLineAsync($"""
            set -e
            cd ..
            sudo() ("$@")
            {Step("cp .env.example .env")}
            {Step("openssl req -x509")}
            """);

        answer.ExitCode.ShouldBe(0, answer.Error);
        server.Calls.ShouldBe([$"{ServerFixture.Compose} up -d --build"]);
        File.GetUnixFileMode(server.At(".env")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        static string Step(string command) => Repository.Read("docs/deploy.md")
            .Split("```").Where((_, index) => index % 2 is 1).Single(block => block.Contains(command, StringComparison.Ordinal))
            .Replace("<your domain>", "shop.example.org", StringComparison.Ordinal);
    }

    private static void Refused(ServerFixture server, ShellCommand answer, int exitCode, string line)
    {
        answer.ExitCode.ShouldBe(exitCode, answer.Error);
        answer.Output.ShouldBeEmpty();
        answer.Error.ShouldStartWith(line);
        answer.Error.TrimEnd().Split('\n').ShouldHaveSingleItem();
        server.Calls.ShouldBeEmpty();
    }

    private static string Certificate(DateTimeOffset end)
    {
        using var key = ECDsa.Create();
        using var certificate = new CertificateRequest("CN=shop.example.org", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(end.AddDays(-2), end);
        return certificate.ExportCertificatePem();
    }
}
