using ProSaas.Api.Startup;
using ProSaas.Api.WhatsApp;

namespace ProSaas.Api.Health;

/// <summary>A live check of what the API depends on; callers that come while one runs share it.</summary>
internal sealed class ReadinessCheck(SchemaGateState gate, DatabaseCheckFactory checks, WhatsAppService whatsApp) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly DatabaseCheck _check = checks.Create("readiness");
    private Task<ReadinessDependencies>? _running;

    /// <summary>How each dependency is now; settles within 2 s, whatever hangs.</summary>
    public Task<ReadinessDependencies> RunAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_running is not { IsCompleted: false })
            {
                _running = CheckAllAsync();
            }

            return _running.WaitAsync(cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _check.DisposeAsync();

    private async Task<ReadinessDependencies> CheckAllAsync()
    {
        var database = IsDatabaseAnsweringAsync();
        var service = whatsApp.IsConfigured ? whatsApp.IsAnsweringAsync(CancellationToken.None) : null;
        return new(
            await database ? ReadinessDependencies.Healthy : ReadinessDependencies.Unhealthy,
            service is null
                ? ReadinessDependencies.NotConfigured
                : await service ? ReadinessDependencies.Healthy : ReadinessDependencies.Unhealthy);
    }

    /// <summary>False, without asking, before the gate opened.</summary>
    private async Task<bool> IsDatabaseAnsweringAsync()
    {
        try
        {
            return gate.IsOpen && await _check.RunAsync(DatabaseCheck.SelectOneAsync, onConnected: null, CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseCheck.IsFailure(exception))
        {
            return false;
        }
    }
}
