using System.Net.Sockets;
using Npgsql;

namespace ProSaas.Api.Startup;

/// <summary>
/// A bounded check of the database over a connection of its own, kept open between checks and dropped after any failure.
/// Not for concurrent use.
/// </summary>
internal sealed class DatabaseCheck(string connectionString) : IAsyncDisposable
{
    /// <summary>How long a check may take, whatever hangs (start-up contract, section 3).</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    private Task _abandoned = Task.CompletedTask;

    /// <summary>The connection that the last check left open, or null.</summary>
    public NpgsqlConnection? Connection { get; private set; }

    /// <summary>Checks, connecting first where needed.</summary>
    /// <param name="check">What to do with the open connection.</param>
    /// <param name="onConnected">Runs once on every new connection, within the same bound; null for nothing.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="NpgsqlException">The database could not be reached or refused.</exception>
    /// <exception cref="TimeoutException">The check took longer than <see cref="Bound"/>.</exception>
    public async Task<T> RunAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> check,
        Func<NpgsqlConnection, CancellationToken, Task>? onConnected,
        CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Bound);
        var attempt = AttemptAsync(check, onConnected, bound.Token);
        try
        {
            return await attempt.WaitAsync(Bound, cancellationToken);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The database did not answer in time.", exception);
        }
        finally
        {
            if (!attempt.IsCompletedSuccessfully)
            {
                Drop(attempt);
            }
        }
    }

    /// <summary>The smallest check: whether the database answers.</summary>
    public static async Task<bool> SelectOneAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT 1", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    /// <summary>Whether a check failed for reasons of the database or the network, and not by a mistake of ours.</summary>
    public static bool IsFailure(Exception exception) => exception is NpgsqlException or TimeoutException or IOException or SocketException;

    /// <summary>Closes the connection, so that the next check opens a new one.</summary>
    public void Drop() => Drop(Task.CompletedTask);

    public async ValueTask DisposeAsync()
    {
        Drop();
        await _abandoned;
    }

    private async Task<T> AttemptAsync<T>(
        Func<NpgsqlConnection, CancellationToken, Task<T>> check,
        Func<NpgsqlConnection, CancellationToken, Task>? onConnected,
        CancellationToken cancellationToken)
    {
        if (Connection is null)
        {
            var connection = new NpgsqlConnection(connectionString);
            Connection = connection;
            await connection.OpenAsync(cancellationToken);
            if (onConnected is not null)
            {
                await onConnected(connection, cancellationToken);
            }
        }

        return await check(Connection, cancellationToken);
    }

    private void Drop(Task user)
    {
        if (Connection is { } connection)
        {
            Connection = null;
            _abandoned = Task.WhenAll(_abandoned, CloseAfterAsync(user, connection));
        }
    }

    // A driver that still connects or reads cannot be closed: it ends by its own limits first.
    private static async Task CloseAfterAsync(Task user, NpgsqlConnection connection)
    {
        await user.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync();
    }
}
