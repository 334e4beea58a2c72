namespace ProSaas.Api.Speech.Cache;

/// <summary>The file system of temporary files, which others need too.</summary>
internal static class TemporarySpace
{
    /// <summary>The part of it that stays free, and the part that the cache has at most.</summary>
    private const double Reserve = 1.0 / 8;
    private const double CacheShare = 1.0 / 4;

    /// <summary>The most that the cache keeps, in bytes.</summary>
    public static long CacheLimit => (long)(Drive().TotalSize * CacheShare);

    /// <param name="bytes">To be written now.</param>
    /// <exception cref="IOException">So much is not free above the reserve.</exception>
    public static void Need(long bytes)
    {
        var drive = Drive();
        if (drive.AvailableFreeSpace - bytes < drive.TotalSize * Reserve)
        {
            throw new IOException("The file system of temporary files is full but for its reserve.");
        }
    }

    private static DriveInfo Drive() => new(Path.GetTempPath());
}
