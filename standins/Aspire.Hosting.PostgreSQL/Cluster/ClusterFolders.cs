using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.PostgreSQL.Cluster;

/// <summary>The folders of one cluster.</summary>
/// <param name="Root">What is removed with a cluster that is not kept.</param>
/// <param name="Data">PostgreSQL's data directory, one for each major version.</param>
/// <param name="Socket">The folder of the private socket.</param>
/// <param name="IsKept">Whether the data outlives the run.</param>
internal sealed record ClusterFolders(string Root, string Data, string Socket, bool IsKept)
{
    /// <summary>A socket's address has room for 107 bytes (92 on some systems), of which its own name takes up to 19.</summary>
    private const int LongestSocketFolder = 72;

    public static ClusterFolders Of(PostgresServerResource server, int version)
    {
        var volume = server.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault(mount => mount.Type == ContainerMountType.Volume);
        var isKept = volume?.Source is not null;
        var root = isKept ? StorageFolders.Volume(volume!.Source!) : TemporaryFolders.NewPath();
        var socket = Path.Combine(root, "run");
        if (Encoding.UTF8.GetByteCount(socket) > LongestSocketFolder)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..16];
            socket = Path.Combine("/tmp", $"prosaas-{Environment.UserName}-{hash}");
        }

        return new ClusterFolders(root, Path.Combine(root, $"postgresql-{version}"), socket, isKept);
    }
}
