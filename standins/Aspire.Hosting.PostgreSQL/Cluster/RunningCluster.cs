using Aspire.Hosting.Running;

namespace Aspire.Hosting.PostgreSQL.Cluster;

/// <summary>A cluster that runs; a temporary one is gone with it.</summary>
internal sealed class RunningCluster(IRunningResource postmaster, ClusterFolders folders, IDisposable? hold) : IRunningResource
{
    public int? ProcessId => postmaster.ProcessId;

    public Task<int?> Completion => postmaster.Completion;

    public Task StopAsync() => postmaster.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await postmaster.DisposeAsync();
        hold?.Dispose();
        DeleteIfThere(folders.Socket);
        if (!folders.IsKept)
        {
            DeleteIfThere(folders.Root);
        }
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
