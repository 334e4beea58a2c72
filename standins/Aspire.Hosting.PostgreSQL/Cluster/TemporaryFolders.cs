namespace Aspire.Hosting.PostgreSQL.Cluster;

/// <summary>The folders of clusters that are not kept. Those of a host that was killed are removed by the next one.</summary>
internal static class TemporaryFolders
{
    private const string Prefix = "prosaas-postgres-";
    private const string LockFile = "host.lock";

    /// <summary>As root a temporary folder of root's own would be out of reach for the user that PostgreSQL runs as.</summary>
    private static string Parent => Environment.IsPrivilegedProcess ? "/tmp" : Path.GetTempPath();

    public static string NewPath() => Path.Combine(Parent, $"{Prefix}{Path.GetRandomFileName()}");

    /// <summary>Marks a folder as in use for as long as this process lives or the mark is disposed of.</summary>
    public static IDisposable Hold(string folder) => new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Removes the folders that no living host holds.</summary>
    public static void Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(Parent, $"{Prefix}*"))
        {
            try
            {
                // Only a folder that has been held can be left over; one without the mark is just being made.
                new FileStream(Path.Combine(folder, LockFile), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is held, being made, or another user's.
            }
        }
    }
}
