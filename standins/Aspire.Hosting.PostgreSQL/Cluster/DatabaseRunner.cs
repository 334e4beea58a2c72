using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Npgsql;

namespace Aspire.Hosting.PostgreSQL.Cluster;

/// <summary>Makes a database if the server does not have it. It runs as long as the server does.</summary>
internal sealed class DatabaseRunner(ResourceNotificationService notifications) : IResourceRunner
{
    public async Task<IRunningResource> StartAsync(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var database = (PostgresDatabaseResource)instance.Resource;
        IResourceWithConnectionString server = database.Parent;
        var connectionString = new NpgsqlConnectionStringBuilder(await server.GetConnectionStringAsync(cancellationToken)) { Database = "postgres", Pooling = false };

        await using var connection = new NpgsqlConnection(connectionString.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection) { Parameters = { new() { Value = database.DatabaseName } } };
        if (await exists.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand($"CREATE DATABASE {ClusterLogin.Quoted(database.DatabaseName, '"')}", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        return new RunningDatabase(notifications, database.Parent.Name);
    }

    private sealed class RunningDatabase : IRunningResource
    {
        private readonly CancellationTokenSource _stop = new();

        public RunningDatabase(ResourceNotificationService notifications, string server) => Completion = UntilServerEndsAsync(notifications, server);

        public int? ProcessId => null;

        public Task<int?> Completion { get; }

        public Task StopAsync() => _stop.CancelAsync();

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Completion;
            _stop.Dispose();
        }

        private async Task<int?> UntilServerEndsAsync(ResourceNotificationService notifications, string server)
        {
            await ((Task)notifications.WaitForResourceAsync(server, e => e.Snapshot.State?.Text != KnownResourceStates.Running, _stop.Token))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return null;
        }
    }
}
