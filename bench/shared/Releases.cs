namespace ProSaas.Bench;

/// <summary>Databases of this release.</summary>
internal static class Releases
{
    /// <summary>Makes the roles, which belong to the server and not to a database.</summary>
    public static Task MakeRolesAsync(PostgresServer server, CancellationToken cancellationToken) => SeedAsync(server, "roles", cancellationToken);

    /// <summary>Makes a database of this release, with the development seed.</summary>
    public static async Task SeedAsync(PostgresServer server, string database, CancellationToken cancellationToken)
    {
        await using var worker = ChildProcess.StartDotnet("ProSaas.MigrationWorker", [], server.WorkerEnvironment(database));
        await worker.WaitForExitAsync(cancellationToken);
        if (worker.ExitCode is not 0)
        {
            throw new InvalidOperationException($"The migration worker ended with {worker.ExitCode}: {string.Join('\n', worker.Lines)}");
        }
    }
}
