using ProSaas.Api.Startup;

namespace ProSaas.Api.Health;

/// <summary>A live look at what the API depends on; callers that come while one runs share it.</summary>
internal sealed class ReadinessLook(SchemaGateState gate, DatabaseLookFactory looks) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly DatabaseLook _look = looks.Create("readiness");
    private Task<bool> _running = Task.FromResult(false);

    /// <summary>Whether the database answers now; settles within 2 s. False, without a look, before the gate opened.</summary>
    public Task<bool> IsDatabaseAnsweringAsync(CancellationToken cancellationToken)
    {
        if (!gate.IsOpen)
        {
            return Task.FromResult(false);
        }

        lock (_lock)
        {
            if (_running.IsCompleted)
            {
                _running = LookAsync();
            }

            return _running.WaitAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _look.DisposeAsync();

    private async Task<bool> LookAsync()
    {
        try
        {
            return await _look.LookAsync(DatabaseLook.SelectOneAsync, onConnected: null, CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseLook.IsFailure(exception))
        {
            return false;
        }
    }
}
