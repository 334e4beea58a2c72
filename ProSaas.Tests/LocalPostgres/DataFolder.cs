namespace ProSaas.Tests.LocalPostgres;

/// <summary>A folder that is gone after the test, which whoever PostgreSQL runs as can pass through.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("local-postgres-tests-");

    public DataFolder()
    {
        if (!OperatingSystem.IsWindows())
        {
            _folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }
    }

    public string Path => _folder.FullName;

    /// <summary>The data directory of the newest programs that are installed.</summary>
    public string DataDirectory =>
        Directory.GetDirectories(Path, "postgresql-*").Single(folder => !folder.Contains(".new.", StringComparison.Ordinal));

    public string Combine(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    /// <summary>The process that the data directory's server has, or had when it was killed.</summary>
    public int Postmaster => int.Parse(
        File.ReadLines(System.IO.Path.Combine(DataDirectory, "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture);

    public void KillPostmaster()
    {
        using var postmaster = System.Diagnostics.Process.GetProcessById(Postmaster);
        postmaster.Kill();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
