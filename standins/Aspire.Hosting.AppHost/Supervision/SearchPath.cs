namespace Aspire.Hosting.Supervision;

internal static class SearchPath
{
    /// <summary>Where a program is.</summary>
    /// <param name="program">A path, or a name looked up on the search path.</param>
    /// <param name="workingDirectory">What a relative path starts from.</param>
    /// <param name="path">The search path; this process's own if null.</param>
    /// <returns>An absolute path, or null if there is no such program.</returns>
    public static string? Find(string program, string workingDirectory = "/", string? path = null)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            var full = Path.GetFullPath(program, workingDirectory);
            return IsExecutable(full) ? full : null;
        }

        return (path ?? System.Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(IsExecutable);
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != UnixFileMode.None);
}
