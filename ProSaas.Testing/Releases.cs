namespace ProSaas.Testing;

/// <summary>Databases of this release.</summary>
public static class Releases
{
    /// <summary>Makes the roles, which belong to the server and not to a database.</summary>
    public static Task MakeRolesAsync(PostgresServer server) => SeedAsync(server, "roles");

    /// <summary>Makes a database of this release, with the development seed.</summary>
    public static async Task SeedAsync(PostgresServer server, string database)
    {
        await using var worker = ServiceHandle.StartMigrationWorker(server.WorkerEnvironment(database));
        if (await worker.WaitForExitAsync() is not 0)
        {
            throw new InvalidOperationException($"The migration worker ended with {worker.ExitCode}: {worker}");
        }
    }
}
