using System.Globalization;
using Npgsql;
using ProSaas.Api.Startup;
using ProSaas.Data.Schema;

namespace ProSaas.Api.Agents;

/// <summary>
/// Hears from the database which businesses were changed, over a connection of its own that is no part of the pool. What it
/// misses, while it reconnects or behind a pooler that swallows notifications, is only not early: versions decide.
/// </summary>
internal sealed class AgentChangeListener(SchemaGateState gate, DatabaseLookFactory looks, AgentRefresh refresh, TimeProvider time, ILogger<AgentChangeListener> logger)
    : IHostedService, IDisposable
{
    /// <summary>How often a connection that brings no news is asked whether it is still one.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private Task _run = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _run = Task.Run(() => RunAsync(_stopping.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _run.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await gate.Opened.WaitAsync(cancellationToken);
        await using var look = looks.Create("agent changes");
        while (true)
        {
            try
            {
                await look.LookAsync(DatabaseLook.SelectOneAsync, ListenAsync, cancellationToken);
                while (await look.Connection!.WaitAsync(Quiet, cancellationToken))
                {
                }
            }
            catch (Exception exception) when (DatabaseLook.IsFailure(exception))
            {
                Log.NotListening(logger, exception);
                look.Drop();
                await Task.Delay(ReconnectPause, time, cancellationToken);
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
