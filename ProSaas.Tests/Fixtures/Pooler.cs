namespace ProSaas.Tests.Fixtures;

/// <summary>
/// A real PgBouncer. Where it pools transactions no session outlives one, so notifications, prepared statements and locks of
/// sessions are lost.
/// </summary>
internal sealed class Pooler : IAsyncDisposable
{
    private static readonly string? Program = ((string[])["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"])
        .FirstOrDefault(File.Exists);

    private readonly DirectoryInfo _folder;
    private readonly ChildProcess _process;

    private Pooler(DirectoryInfo folder, ChildProcess process, string connectionString) =>
        (_folder, _process, ConnectionString) = (folder, process, connectionString);

    /// <summary>The connection through the pooler.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts one in front of the runtime's connection to a database.</summary>
    public static Task<Pooler> StartAsync(TestDatabase database) => StartAsync(database.Runtime);

    /// <summary>Starts one in front of a connection; skips the test where the program is not installed.</summary>
    /// <param name="connectionString">What it connects to, and as whom.</param>
    /// <param name="settings">More lines of its settings.</param>
    public static async Task<Pooler> StartAsync(string connectionString, string settings = "pool_mode = transaction")
    {
        Assert.SkipWhen(Program is null, "pgbouncer is not installed: on Debian, 'apt-get install pgbouncer'");
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var folder = Directory.CreateTempSubdirectory("prosaas-pooler-");
        var port = FreePorts.Next();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "users.txt"), $"\"{server.Username}\" \"{server.Password}\"\n");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "pgbouncer.ini"), $"""
            [databases]
            {server.Database} = host={server.Host} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {folder.FullName}/users.txt
            {settings}
            """);
        string? user = null;
        if (!OperatingSystem.IsWindows() && Environment.UserName == "root")
        {
            // It refuses to run as root.
            user = "postgres";
            folder.UnixFileMode = UnixFileMode.UserRead
                | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        }

        var process = ChildProcess.Start([Program!, Path.Combine(folder.FullName, "pgbouncer.ini")], user: user);
        var pooled = new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = port }.ConnectionString;
        return new Pooler(folder, process, pooled);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
