using System.Runtime.Versioning;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Aspire.Hosting.Supervision;

namespace Aspire.Hosting.PostgreSQL.Cluster;

/// <summary>Runs a server as a private cluster: made on first use, kept in its volume, reached over loopback by password.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ClusterRunner(IResourceConsole console, TimeProvider time) : IResourceRunner
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    public async Task<IRunningResource> StartAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var server = (PostgresServerResource)instance.Resource;
        var binaries = await PostgresBinaries.FindAsync(cancellationToken);
        var owner = ClusterOwner.Choose();
        var folders = ClusterFolders.Of(server, binaries.Version);
        var cluster = new ClusterFiles(folders, owner, binaries);

        TemporaryFolders.Sweep();
        await cluster.PrepareAsync(time, cancellationToken);
        if (!cluster.IsInitialized)
        {
            await RunToEndAsync(instance, InitializeSpec(folders, owner, binaries), cancellationToken);
        }

        cluster.WriteSettings();
        var postmaster = SupervisedProcess.Start(
            PostmasterSpec(server, folders, owner, binaries, instance.TargetPorts[PostgresServerResource.EndpointName]),
            (line, isError) => console.Output(instance.Id, line, isError),
            time);
        var running = new RunningCluster(postmaster, folders, folders.IsKept ? null : TemporaryFolders.Hold(folders.Root));
        try
        {
            await cluster.WaitUntilReadyAsync(postmaster, time, cancellationToken);
            await ClusterLogin.EnsureAsync(server, folders, instance.TargetPorts[PostgresServerResource.EndpointName], cancellationToken);
            return running;
        }
        catch
        {
            await running.StopAsync();
            await running.DisposeAsync();
            throw;
        }
    }

    private static ProcessSpec InitializeSpec(ClusterFolders folders, ClusterOwner owner, PostgresBinaries binaries) => new()
    {
        FileName = binaries.Program("initdb"),
        // Under the plain C locale trigrams would drop letters outside ASCII.
        Arguments =
        [
            "--pgdata", folders.Data, "--username", ClusterLogin.Superuser, "--encoding", "UTF8", "--locale", "C.UTF-8", "--auth-local", "peer", "--auth-host", "reject",
            .. folders.IsKept ? (string[])[] : ["--no-sync"],
        ],
        WorkingDirectory = "/",
        Environment = ClusterEnvironment(),
        UserName = owner.Name,
    };

    private static ProcessSpec PostmasterSpec(PostgresServerResource server, ClusterFolders folders, ClusterOwner owner, PostgresBinaries binaries, int port) => new()
    {
        FileName = binaries.Program("postgres"),
        Arguments =
        [
            "-D", folders.Data,
            "-c", "listen_addresses=127.0.0.1",
            "-c", $"port={port}",
            "-c", $"unix_socket_directories={folders.Socket}",
            "-c", "unix_socket_permissions=0700",
            "-c", $"hba_file={Path.Combine(folders.Socket, ClusterFiles.AccessRules)}",
            "-c", "password_encryption=scram-sha-256",
            "-c", "logging_collector=off",
            "-c", "log_destination=stderr",
            "-c", "log_checkpoints=off",
            "-c", "log_line_prefix=",
            // Nothing of a cluster that goes with its folder needs to survive a crash of the machine.
            .. folders.IsKept ? (string[])[] : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"],
            .. server.CommandLineArguments(),
        ],
        WorkingDirectory = "/",
        Environment = ClusterEnvironment(),
        UserName = owner.Name,
        Signals = StopSignals.Postmaster,
        StopTimeout = StopTimeout,
    };

    /// <summary>Nothing of the caller's environment: PGDATA, PGPORT and the like would redirect PostgreSQL's programs.</summary>
    private static Dictionary<string, string> ClusterEnvironment() => new(StringComparer.Ordinal)
    {
        ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
        ["LC_ALL"] = "C.UTF-8",
        ["TZ"] = "UTC",
    };

    private async Task RunToEndAsync(ResourceInstance instance, ProcessSpec spec, CancellationToken cancellationToken)
    {
        var errors = new List<string>();
        await using var process = SupervisedProcess.Start(
            spec,
            (line, isError) =>
            {
                if (isError)
                {
                    console.Output(instance.Id, line, isError);
                    errors.Add(line);
                }
            },
            time);
        if (await process.Completion.WaitAsync(cancellationToken) is var exitCode and not 0)
        {
            throw new DistributedApplicationException($"initdb ended with exit code {exitCode}: {string.Join(' ', errors)}");
        }
    }
}
