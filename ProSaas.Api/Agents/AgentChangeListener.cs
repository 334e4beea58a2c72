using System.Globalization;
using Npgsql;
using ProSaas.Api.Startup;
using ProSaas.Data.Schema;

namespace ProSaas.Api.Agents;

/// <summary>
/// Hears from the database which businesses were changed, over a connection of its own that is no part of the pool. What it
/// misses, while it reconnects or behind a pooler that swallows notifications, is only not early: versions decide.
/// </summary>
internal sealed class AgentChangeListener(
    SchemaGateState gate, DatabaseCheckFactory checks, AgentRefresh refresh, TimeProvider time, ILogger<AgentChangeListener> logger)
    : BackgroundService
{
    /// <summary>How often a connection that brings no news is asked whether it is still one.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.Opened.WaitAsync(stoppingToken);
        await using var check = checks.Create("agent changes");
        while (true)
        {
            try
            {
                await check.RunAsync(DatabaseCheck.SelectOneAsync, ListenAsync, stoppingToken);
                while (await check.Connection!.WaitAsync(Quiet, stoppingToken))
                {
                }
            }
            catch (Exception exception) when (DatabaseCheck.IsFailure(exception))
            {
                Log.NotListening(logger, exception);
                check.Drop();
                await Task.Delay(ReconnectPause, time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        connection.Notification += (_, news) =>
        {
            if (long.TryParse(news.Payload, NumberStyles.None, CultureInfo.InvariantCulture, out var business))
            {
                refresh.AddChanged(business);
            }
        };
        await using var listen = new NpgsqlCommand($"LISTEN {SchemaContract.AgentChannel}", connection);
        await listen.ExecuteNonQueryAsync(cancellationToken);
    }
}
