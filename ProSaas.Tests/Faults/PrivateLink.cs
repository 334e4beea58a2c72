namespace ProSaas.Tests.Faults;

/// <summary>
/// A network of two machines, of which one is a network namespace: when its end of the link goes down, packets are lost and nobody is told,
/// as when a machine loses its power. Its addresses reach this machine only.
/// </summary>
internal sealed class PrivateLink : IAsyncDisposable
{
    private readonly string _name;
    private readonly DirectoryInfo _folder;

    private PrivateLink(string name, string subnet, DirectoryInfo folder)
    {
        _name = name;
        _folder = folder;
        Here = $"{subnet}.1";
        AccessFile = Path.Combine(folder.FullName, "pg_hba.conf");
    }

    /// <summary>This machine's address on the link.</summary>
    public string Here { get; }

    /// <summary>Who may log in at a PostgreSQL that listens on the link too: <c>hba_file</c>.</summary>
    public string AccessFile { get; }

    /// <summary>Before a command's name: it runs on the other machine.</summary>
    public string[] There => ["ip", "netns", "exec", _name];

    /// <summary>Skips the test where namespaces cannot be made.</summary>
    public static async Task<PrivateLink> CreateAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "network namespaces are made by root, on Linux");
        Assert.SkipUnless(ShellCommand.IsOnPath("ip"), "ip is not installed: on Debian, 'apt-get install iproute2'");
        var number = Random.Shared.Next(1, 250);
        var (name, subnet) = ($"prosaas{number}", $"10.213.{number}");
        var made = await IpAsync("netns", "add", name);
        Assert.SkipUnless(made.ExitCode is 0, $"network namespaces cannot be made here: {made.Error.Trim()}");
        var link = new PrivateLink(name, subnet, Directory.CreateTempSubdirectory("prosaas-tests-"));
        try
        {
            await link.SetUpAsync(subnet);
            return link;
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    /// <summary>The other machine is heard no more.</summary>
    public Task CutAsync() => RequireAsync("-n", _name, "link", "set", "far", "down");

    public async ValueTask DisposeAsync()
    {
        await IpAsync("link", "delete", _name);
        await IpAsync("netns", "delete", _name);
        _folder.Delete(recursive: true);
    }

    private async Task SetUpAsync(string subnet)
    {
        // PostgreSQL reads it as another user.
        (await ShellCommand.RunAsync("/", "chmod", "755", _folder.FullName)).ExitCode.ShouldBe(0);
        await File.WriteAllTextAsync(
            AccessFile,
            $"host all all 127.0.0.1/32 scram-sha-256\nhost all all {subnet}.0/30 scram-sha-256\n",
            TestContext.Current.CancellationToken);
        await RequireAsync("link", "add", _name, "type", "veth", "peer", "name", "far", "netns", _name);
        await RequireAsync("address", "add", $"{subnet}.1/30", "dev", _name);
        await RequireAsync("link", "set", _name, "up");
        await RequireAsync("-n", _name, "address", "add", $"{subnet}.2/30", "dev", "far");
        await RequireAsync("-n", _name, "link", "set", "far", "up");
        await RequireAsync("-n", _name, "link", "set", "lo", "up");
    }

    private static async Task RequireAsync(params string[] arguments) => (await IpAsync(arguments)).ShouldSatisfyAllConditions(
        ip => ip.ExitCode.ShouldBe(0, $"ip {string.Join(' ', arguments)}: {ip.Error}"));

    private static Task<ShellCommand> IpAsync(params string[] arguments) => ShellCommand.RunAsync("/", "ip", arguments);
}
