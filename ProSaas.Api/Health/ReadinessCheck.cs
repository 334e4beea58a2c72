using ProSaas.Api.Startup;
using ProSaas.Api.WhatsApp;

namespace ProSaas.Api.Health;

/// <summary>A live look at what the API depends on; callers that come while one runs share it.</summary>
internal sealed class ReadinessLook(SchemaGateState gate, DatabaseLookFactory looks, IWhatsAppLook whatsApp) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly DatabaseLook _look = looks.Create("readiness");
    private Task<ReadinessDependencies>? _running;

    /// <summary>How each dependency is now; settles within 2 s, whatever hangs.</summary>
    public Task<ReadinessDependencies> LookAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_running is not { IsCompleted: false })
            {
                _running = LookAtAllAsync();
            }

            return _running.WaitAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _look.DisposeAsync();

    private async Task<ReadinessDependencies> LookAtAllAsync()
    {
        var database = IsDatabaseAnsweringAsync();
        var service = whatsApp.IsConfigured ? whatsApp.IsAnsweringAsync(CancellationToken.None) : null;
        return new(
            await database ? ReadinessDependencies.Healthy : ReadinessDependencies.Unhealthy,
            service is null ? ReadinessDependencies.NotConfigured : await service ? ReadinessDependencies.Healthy : ReadinessDependencies.Unhealthy);
    }

    /// <summary>False, without a look, before the gate opened.</summary>
    private async Task<bool> IsDatabaseAnsweringAsync()
    {
        try
        {
            return gate.IsOpen && await _look.LookAsync(DatabaseLook.SelectOneAsync, onConnected: null, CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseLook.IsFailure(exception))
        {
            return false;
        }
    }
}
