namespace Aspire.Hosting.PostgreSQL.Cluster;

/// <summary>Where things that outlive a run are kept.</summary>
internal static class StorageFolders
{
    /// <summary>The folder of a volume.</summary>
    public static string Volume(string name) => Path.Combine(Root(), "volumes", name);

    /// <summary>A folder of the user's, named by a variable or by custom.</summary>
    public static string Home(string variable, string custom) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), custom);

    private static string Root() => Environment.IsPrivilegedProcess ? "/var/lib/prosaas" : Path.Combine(Home("XDG_DATA_HOME", Path.Combine(".local", "share")), "prosaas");
}
