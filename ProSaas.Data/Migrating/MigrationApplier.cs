using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace ProSaas.Data.Migrating;

/// <summary>Applies the migrations that are missing, each in a transaction with its row of the history table.</summary>
internal sealed class MigrationApplier(BusyRetry retry)
{
    public async Task ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var spans = new MigrationSpans(Activity.Current?.Context ?? default);
        try
        {
            await retry.RunAsync(
                token => MigrateAsync(connection, spans, token), () => spans.Current ?? Activity.Current, cancellationToken);
        }
        catch (Exception failure)
        {
            MigratorTelemetry.Fail(spans.Current, failure);
            throw;
        }
    }

    private static async Task MigrateAsync(NpgsqlConnection connection, MigrationSpans spans, CancellationToken cancellationToken)
    {
        var options = new DbContextOptionsBuilder<ProSaasDbContext>()
            .UseNpgsql(connection)
            .UseSnakeCaseNamingConvention()
            .LogTo((id, _) => id == RelationalEventId.MigrationApplying, spans.OnEvent)
            // A test compares the model to the migrations; here it would only cost start-up time.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options;
        await using var context = new ProSaasDbContext(options);
        // Otherwise EF finds out by a query that fails, and operators find an error in the server's log on a good first run.
        await context.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
        await context.Database.MigrateAsync(cancellationToken);
    }
}
