using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using ProSaas.Data;
using ProSaas.Data.Schema;

namespace ProSaas.Bench.StartupRace;

internal static class OlderRelease
{
    /// <summary>Applies the first <paramref name="count"/> migrations, as a release with just these would have.</summary>
    public static async Task MigrateAsync(string connectionString, int count, CancellationToken cancellationToken)
    {
        await using var context = new ProSaasDbContext(new DbContextOptionsBuilder<ProSaasDbContext>()
            .UseNpgsql(connectionString)
            .UseSnakeCaseNamingConvention()
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options);
        await context.GetService<IMigrator>().MigrateAsync(SchemaContract.Migrations[count - 1], cancellationToken);
    }
}
