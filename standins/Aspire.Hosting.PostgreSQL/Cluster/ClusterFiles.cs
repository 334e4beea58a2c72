using System.Globalization;
using System.Runtime.Versioning;
using Aspire.Hosting.Running;
using Aspire.Hosting.Supervision;

namespace Aspire.Hosting.PostgreSQL.Cluster;

/// <summary>The files of a cluster, and what they say about a postmaster.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ClusterFiles(ClusterFolders folders, ClusterOwner owner, PostgresBinaries binaries)
{
    public const string AccessRules = "access.conf";
    private const int StatusLine = 7;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan OrphanTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    public bool IsInitialized => File.Exists(Path.Combine(folders.Data, "global", "pg_control"));

    private static bool CanSeeProcesses => Directory.Exists("/proc/self");

    private string LockFile => Path.Combine(folders.Data, "postmaster.pid");

    /// <summary>Makes the folders, and clears away what a killed server left behind.</summary>
    /// <exception cref="DistributedApplicationException">A server is using the data directory.</exception>
    public async Task PrepareAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        owner.CreatePrivateFolder(folders.Root);
        owner.CreatePrivateFolder(folders.Data);
        var started = time.GetTimestamp();
        while (ProcessesIn(folders.Data) is { Count: > 0 } processes)
        {
            // What a killed server left behind ends by itself, as does the server of a killed host; another run's server does not.
            if ((processes.Contains(LockingProcess() ?? 0) && !HasStatus("stopping")) || time.GetElapsedTime(started) > OrphanTimeout)
            {
                throw new DistributedApplicationException(
                    $"the data directory '{folders.Data}' is in use by PostgreSQL, process {processes.Min()}: stop it, or the other run of this AppHost, first");
            }

            await Task.Delay(Look, time, cancellationToken);
        }

        if (LockingProcess() is { } other && Unix.ProcessExists(other) && CanSeeProcesses)
        {
            // PostgreSQL would take a process that has come by the dead server's id for that server.
            File.Delete(LockFile);
        }

        if (Directory.Exists(folders.Socket))
        {
            Directory.Delete(folders.Socket, recursive: true);
        }

        owner.CreatePrivateFolder(folders.Socket);
        if (!IsInitialized)
        {
            // An initdb that was killed half-way refuses to go on.
            Directory.Delete(folders.Data, recursive: true);
            owner.CreatePrivateFolder(folders.Data);
        }
    }

    /// <summary>Says who may connect: over loopback by password, over the private socket whoever can reach it.</summary>
    public void WriteSettings()
    {
        var file = Path.Combine(folders.Socket, AccessRules);
        File.WriteAllText(file, "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
        owner.Give(file);
    }

    /// <summary>Returns when the server takes connections.</summary>
    /// <exception cref="DistributedApplicationException">It ended, or took too long.</exception>
    public async Task WaitUntilReadyAsync(IRunningResource postmaster, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!HasStatus("ready"))
        {
            if (postmaster.Completion.IsCompleted)
            {
                throw new DistributedApplicationException($"PostgreSQL {binaries.Version} ended with exit code {await postmaster.Completion} while it started");
            }

            if (time.GetElapsedTime(started) > StartTimeout)
            {
                throw new DistributedApplicationException($"PostgreSQL {binaries.Version} took more than {StartTimeout.TotalSeconds:0} s to start");
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    private bool HasStatus(string status) => ReadLockFile() is { Length: > StatusLine } lines && lines[StatusLine].StartsWith(status, StringComparison.Ordinal);

    private string[]? ReadLockFile()
    {
        try
        {
            return File.ReadAllLines(LockFile);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The process that the lock file names, dead or alive.</summary>
    private int? LockingProcess() =>
        ReadLockFile() is [var first, ..] && int.TryParse(first, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var process) ? Math.Abs(process) : null;

    /// <summary>The processes that work in a folder, as every process of a server does in its data directory.</summary>
    private static HashSet<int> ProcessesIn(string folder)
    {
        var found = new HashSet<int>();
        foreach (var process in CanSeeProcesses ? Directory.EnumerateDirectories("/proc") : [])
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && WorkingFolder(process) == folder)
            {
                found.Add(id);
            }
        }

        return found;
    }

    private static string? WorkingFolder(string process)
    {
        try
        {
            return new DirectoryInfo(Path.Combine(process, "cwd")).LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has just ended, or is another user's.
            return null;
        }
    }
}
