using System.Runtime.Versioning;

namespace ProSaas.Tests.Deploy;

/// <summary>
/// A server's checkout with what <c>dcprod.sh</c> needs, on free ports, and a <c>docker</c> before all others on the PATH that
/// writes down how it is called and answers as the test wants.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed partial class ServerFixture : IDisposable
{
    public const string Compose = "compose --project-name prosaasil -f docker-compose.yml -f docker-compose.prod.yml --env-file .env";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prosaas-server-");
    private readonly Dictionary<string, string?> _environment = [];

    /// <param name="docker">Branches of a shell's <c>case "$*" in</c>, before those that every test has.</param>
    public ServerFixture(string docker = "")
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "dcprod.sh is a shell script.");
        foreach (var child in (string[])["scripts", "bin", "tls", "elsewhere"])
        {
            _folder.CreateSubdirectory(child);
        }

        File.Copy(Path.Combine(Repository.Root, "scripts", "common.sh"), At("scripts/common.sh"));
        File.Copy(Path.Combine(Repository.Root, "scripts", "dcprod.sh"), At("scripts/dcprod.sh"));
        File.WriteAllText(At("docker-compose.yml"), Repository.Read("docker-compose.yml")
            .Replace(":80:8080\"", $":{Port}:8080\"", StringComparison.Ordinal));
        File.WriteAllText(At("docker-compose.prod.yml"), Repository.Read("docker-compose.prod.yml")
            .Replace(":443:8443\"", $":{TlsPort}:8443\"", StringComparison.Ordinal));
        File.WriteAllText(At(".env"), EmptyValue().Replace(
            Repository.Read(".env.example").Replace("DOMAIN=\n", "DOMAIN=shop.example.org\n", StringComparison.Ordinal),
            "=0123456789abcdef0123"));
        File.SetUnixFileMode(At(".env"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(At("tls/fullchain.pem"), "certificate");
        File.WriteAllText(At("tls/privkey.pem"), "key");
        File.SetUnixFileMode(At("tls/privkey.pem"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        File.WriteAllText(At("bin/docker"), $"""
            #!/usr/bin/env bash
            printf '%s\n' "$*" >>"{At("calls")}"
            case "$*" in
            {docker}
              "compose version" | info) ;;
              *" port nginx "* | "volume inspect "*) exit 1 ;;
              *) echo "docker $* in $PWD with $# arguments" ;;
            esac

            """);
        File.SetUnixFileMode(At("bin/docker"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(At("calls"), "");
        _environment["PATH"] = $"{At("bin")}:{Environment.GetEnvironmentVariable("PATH")}";
    }

    public int Port { get; } = FreePorts.Next();

    public int TlsPort { get; } = FreePorts.Next();

    public string Root => _folder.FullName;

    /// <summary>How docker was called, but for the questions what is there.</summary>
    public IReadOnlyList<string> Calls => [.. File.ReadAllLines(At("calls")).Where(call => call is not ("compose version" or "info")
        && !call.Contains(" port nginx ", StringComparison.Ordinal) && !call.StartsWith("volume inspect ", StringComparison.Ordinal))];

    public string At(string file) => Path.Combine(_folder.FullName, file);

    public void Set(string name, string? value) => _environment[name] = value;

    public void Write(string name, string value) => File.WriteAllLines(At(".env"), File.ReadAllLines(At(".env"))
        .Where(line => !line.StartsWith($"{name}=", StringComparison.Ordinal)).Append($"{name}={value}"));

    public void Edit(string file, string from, string to) =>
        File.WriteAllText(At(file), File.ReadAllText(At(file)).Replace(from, to, StringComparison.Ordinal));

    /// <summary>Runs <c>dcprod.sh</c> from another folder.</summary>
    public Task<ShellCommand> RunAsync(params string[] arguments) =>
        ShellCommand.RunAsync(At("elsewhere"), _environment, At("scripts/dcprod.sh"), arguments);

    /// <summary>Runs a line of bash in which <c>$dcprod</c> is the script.</summary>
    public Task<ShellCommand> RunLineAsync(string line) =>
        ShellCommand.RunAsync(
            At("elsewhere"), new Dictionary<string, string?>(_environment) { ["dcprod"] = At("scripts/dcprod.sh") }, "bash", "-c", line);

    public void Dispose() => _folder.Delete(recursive: true);

    [GeneratedRegex("(?<=^[A-Z0-9_]+)=$", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EmptyValue();
}
