namespace ProSaas.Tests.Fixtures;

/// <summary>A real PgBouncer that pools transactions: no session outlives one, so notifications and prepared statements are lost.</summary>
internal sealed class Pooler : IAsyncDisposable
{
    private static readonly string? Program = ((string[])["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"])
        .FirstOrDefault(File.Exists);

    private readonly DirectoryInfo _folder;
    private readonly ChildProcess _process;

    private Pooler(DirectoryInfo folder, ChildProcess process, string connectionString) =>
        (_folder, _process, ConnectionString) = (folder, process, connectionString);

    /// <summary>The runtime connection through the pooler.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts one in front of the database; skips the test where the program is not installed.</summary>
    public static async Task<Pooler> StartAsync(TestDatabase database)
    {
        Assert.SkipWhen(Program is null, "pgbouncer is not installed: on Debian, 'apt-get install pgbouncer'");
        var server = new NpgsqlConnectionStringBuilder(database.Runtime);
        var folder = Directory.CreateTempSubdirectory("prosaas-pooler-");
        var port = FreePorts.Next();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "users.txt"), $"\"{server.Username}\" \"{server.Password}\"\n");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "pgbouncer.ini"), $"""
            [databases]
            {database.Name} = host={server.Host} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {folder.FullName}/users.txt
            pool_mode = transaction
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
        var pooled = new NpgsqlConnectionStringBuilder(database.Runtime) { Host = "127.0.0.1", Port = port }.ConnectionString;
        return new Pooler(folder, process, pooled);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
