using System.Net;
using ProSaas.Data.Schema;

namespace ProSaas.Bench.SchemaGate;

/// <summary>
/// From the last migration's commit, by PostgreSQL's own timestamp, to the first 200 of /api/health: each time another API process,
/// published as its image has it and in production, that has been waiting for that migration.
/// </summary>
internal static class GateLatency
{
    private const string Template = "last_is_missing";
    private const string SilentTemplate = "last_is_missing_silent";
    private static readonly string LastMigration = SchemaContract.Migrations[^1];
    private const int LostNotifications = 20;
    private const int AtOnce = 5;

    /// <summary>What an API that waits uses in a second; it reads the database once.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(30);

    public static async Task MeasureAsync(PostgresServer server, int migrations, CancellationToken cancellationToken)
    {
        using var published = await PublishedApi.CreateAsync();
        await server.SeedAsync(Template);
        await server.ExecuteAsync(
            Template, $"TRUNCATE businesses CASCADE; DELETE FROM \"__EFMigrationsHistory\" WHERE migration_id = '{LastMigration}'");
        await server.ExecuteAsync("postgres", $"CREATE DATABASE {SilentTemplate} TEMPLATE {Template}");
        await server.ExecuteAsync(
            SilentTemplate,
            "CREATE OR REPLACE FUNCTION public.schema_applied_notify() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$");

        Report("notified", await MeasureAsync(server, published, Template, migrations, cancellationToken));
        Report("notification lost", await MeasureAsync(server, published, SilentTemplate, LostNotifications, cancellationToken));
    }

    private static void Report(string what, List<double> times) => Console.WriteLine(
        $"last commit to /api/health 200, {what}: median {times.Median():0.0} ms, p99 {times.Percentile(0.99):0.0} ms, max {times.Max():0.0} ms ({times.Count} migrations)");

    private static async Task<List<double>> MeasureAsync(
        PostgresServer server, PublishedApi published, string template, int count, CancellationToken cancellationToken)
    {
        List<double> times = [];
        while (times.Count < count)
        {
            List<Waiting> all = [];
            try
            {
                for (var index = 0; index < Math.Min(AtOnce, count - times.Count); index++)
                {
                    all.Add(await Waiting.StartAsync(server, published, template, $"waiting_{index}", cancellationToken));
                }

                foreach (var waiting in all)
                {
                    await waiting.UntilItWaitsAsync(cancellationToken);
                }

                foreach (var waiting in all)
                {
                    times.Add(await waiting.MigrateAsync(cancellationToken));

                    // What it does after its gate opened would take the processor from the next one.
                    await waiting.KillAsync();
                }
            }
            finally
            {
                foreach (var waiting in all)
                {
                    await waiting.KillAsync();
                }
            }

            Console.Error.Write($"\r{times.Count} of {count} ");
        }

        Console.Error.WriteLine();
        return times;
    }

    /// <summary>An API that waits for the last migration of its own database.</summary>
    private sealed class Waiting(PostgresServer server, string database, int port, ChildProcess api) : IAsyncDisposable
    {
        private readonly Probe _probe = new(port, "/api/health");

        public static async Task<Waiting> StartAsync(
            PostgresServer server, PublishedApi published, string template, string database, CancellationToken cancellationToken)
        {
            await server.ExecuteAsync("postgres", $"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
            await server.ExecuteAsync("postgres", $"CREATE DATABASE {database} TEMPLATE {template}");
            var port = FreePorts.Next();
            return new Waiting(server, database, port, published.Start(server.ApiEnvironment(database, "Production"), port));
        }

        public async Task UntilItWaitsAsync(CancellationToken cancellationToken)
        {
            await _probe.UntilAsync(HttpStatusCode.ServiceUnavailable, cancellationToken);
            await UntilItIsQuietAsync(cancellationToken);
            const string Gates = "SELECT count(*) FROM pg_stat_activity "
                + "WHERE datname = current_database() AND application_name = 'prosaas-api schema gate'";
            while (await Database.ScalarAsync<long>(server.Owner(database), Gates) is 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
            }
        }

        /// <summary>Until the runtime has compiled what a start leaves to do in the background.</summary>
        private async Task UntilItIsQuietAsync(CancellationToken cancellationToken)
        {
            for (TimeSpan before = default, now = api.ProcessorTime; now - before > Quiet; (before, now) = (now, api.ProcessorTime))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
            }
        }

        /// <summary>Commits a change of the schema with the last migration's row; milliseconds from then to the first 200.</summary>
        public async Task<double> MigrateAsync(CancellationToken cancellationToken)
        {
            var seen = SeeAsync(cancellationToken);
            await server.ExecuteAsync(
                database,
                $"ALTER TABLE faq_entries ADD COLUMN later text; INSERT INTO \"__EFMigrationsHistory\" VALUES ('{LastMigration}', 'bench')");
            var committed = await Database.ScalarAsync<DateTime>(
                server.Owner(database),
                $"SELECT pg_xact_commit_timestamp(xmin) FROM public.schema_applied WHERE migration_id = '{LastMigration}'");
            return (await seen - new DateTimeOffset(committed)).TotalMilliseconds;
        }

        public Task KillAsync() => api.KillAsync();

        public async ValueTask DisposeAsync()
        {
            await api.DisposeAsync();
            _probe.Dispose();
        }

        private async Task<DateTimeOffset> SeeAsync(CancellationToken cancellationToken)
        {
            await _probe.UntilAsync(HttpStatusCode.OK, cancellationToken);
            return TimeProvider.System.GetUtcNow();
        }
    }
}
