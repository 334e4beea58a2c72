namespace ProSaas.Tests.Faults;

/// <summary>
/// A database whose disk can be filled. It is a real one, a small file system in memory with the database's tablespace, where the tests may
/// mount it and the server sees it. Elsewhere the server's own error is raised by triggers, where a table is made or an FAQ entry written.
/// </summary>
internal sealed class FullDisk : IAsyncDisposable
{
    private const int Megabytes = 32;
    private const string NoSpace = "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'";

    private readonly PostgresFixture _server;
    private readonly string? _folder;

    private FullDisk(PostgresFixture server, TestDatabase database, string? folder)
    {
        _server = server;
        Database = database;
        _folder = folder;
    }

    public TestDatabase Database { get; }

    public static async Task<FullDisk> CreateAsync()
    {
        // A server apart: on a full disk its checkpoints fail, and with them whatever else drops a database.
        var postgres = new PostgresFixture();
        var server = await postgres.CreateDatabaseAsync();
        var name = $"disk_{Guid.NewGuid():N}";
        if (await TryMountAsync(name, server) is not { } folder)
        {
            TestContext.Current.SendDiagnosticMessage("The full disk is only played: a small file system cannot be mounted here.");
            return new FullDisk(postgres, new TestDatabase(server), folder: null);
        }

        await Testing.Database.ExecuteAsync(server, $"CREATE TABLESPACE {name} LOCATION '{folder}'");
        await Testing.Database.ExecuteAsync(server, $"CREATE DATABASE {name} TEMPLATE template0 TABLESPACE {name}");
        return new FullDisk(
            postgres, new TestDatabase(new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString), folder);
    }

    public async Task FillAsync()
    {
        if (_folder is null)
        {
            await Testing.Database.ExecuteAsync(Database.Owner, $"""
                CREATE SCHEMA test_disk;
                CREATE FUNCTION test_disk.full_for_tables() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
                    IF to_regclass('public.faq_entries') IS NOT NULL THEN {NoSpace}; END IF; END $$;
                CREATE FUNCTION test_disk.full_for_rows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {NoSpace}; END $$;
                CREATE EVENT TRIGGER test_disk ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION test_disk.full_for_tables();
                DO $$ BEGIN
                    IF to_regclass('public.faq_entries') IS NOT NULL THEN
                        CREATE TRIGGER test_disk BEFORE INSERT ON faq_entries FOR EACH ROW EXECUTE FUNCTION test_disk.full_for_rows();
                    END IF;
                END $$
                """);
            return;
        }

        // In pieces, the last ones as small as a page of the file system.
        await using var ballast = new FileStream(
            Path.Combine(_folder, "ballast"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in (int[])[1 << 20, 1 << 12])
        {
            try
            {
                while (true)
                {
                    ballast.Write(new byte[size]);
                }
            }
            catch (IOException)
            {
                // Full, to this size.
            }
        }
    }

    public async Task FreeAsync()
    {
        if (_folder is null)
        {
            await Testing.Database.ExecuteAsync(Database.Owner, "DROP EVENT TRIGGER test_disk; DROP SCHEMA test_disk CASCADE");
            return;
        }

        File.Delete(Path.Combine(_folder, "ballast"));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        if (_folder is not null)
        {
            await ShellCommand.RunAsync("/", "umount", "--lazy", _folder);
            Directory.Delete(_folder);
        }
    }

    private static async Task<string?> TryMountAsync(string name, string server)
    {
        var data = await Testing.Database.ScalarAsync<string>(server, "SHOW data_directory");
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess || !Directory.Exists(data))
        {
            return null;
        }

        var folder = Directory.CreateTempSubdirectory($"prosaas-{name}").FullName;
        var owner = (await ShellCommand.RunAsync("/", "stat", "--format=uid=%u,gid=%g", data)).Output.Trim();
        var mount = await ShellCommand.RunAsync("/", "mount", "-t", "tmpfs", "-o", $"size={Megabytes}m,mode=0700,{owner}", "tmpfs", folder);
        if (mount.ExitCode is 0)
        {
            return folder;
        }

        Directory.Delete(folder);
        return null;
    }
}
