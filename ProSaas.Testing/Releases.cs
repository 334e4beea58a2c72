using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using ProSaas.Data;
using ProSaas.Data.Schema;

namespace ProSaas.Testing;

/// <summary>Databases at the schema of older releases.</summary>
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

    /// <summary>Applies the first <paramref name="count"/> migrations, as a release with just these would have.</summary>
    public static async Task MigrateAsync(PostgresServer server, string database, int count)
    {
        await using var context = Context(server, database);
        await context.GetService<IMigrator>().MigrateAsync(SchemaContract.Migrations[count - 1], TestRun.CancellationToken);
    }

    /// <summary>The SQL that applies the last migration to a database that has all others.</summary>
    public static string LastMigration(PostgresServer server, string database)
    {
        using var context = Context(server, database);
        return context.GetService<IMigrator>().GenerateScript(SchemaContract.Migrations[^2], SchemaContract.Migrations[^1]);
    }

    private static ProSaasDbContext Context(PostgresServer server, string database) => new(
        new DbContextOptionsBuilder<ProSaasDbContext>()
            .UseNpgsql(server.Owner(database))
            .UseSnakeCaseNamingConvention()
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options);
}
