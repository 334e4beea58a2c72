using Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Components;

namespace Aspire.Dashboard.Components;

/// <summary>A page that reads again whenever something changed, for as long as it is open.</summary>
public abstract class LivePage : ComponentBase, IAsyncDisposable
{
    private readonly CancellationTokenSource _leave = new();
    private Task _following = Task.CompletedTask;

    /// <summary>What says that something changed.</summary>
    protected abstract IEnumerable<ChangeSignal> Signals { get; }

    /// <summary>Reads what the page shows.</summary>
    protected abstract void Read();

    /// <inheritdoc/>
    protected override void OnParametersSet() => Read();

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _following = Task.WhenAll(Signals.Select(FollowAsync));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _leave.CancelAsync();
        await _following;
        _leave.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task FollowAsync(ChangeSignal signal)
    {
        await foreach (var _ in signal.WatchAsync(_leave.Token))
        {
            try
            {
                Read();
                StateHasChanged();
            }
            catch (Exception exception)
            {
                await DispatchExceptionAsync(exception);
                return;
            }
        }
    }
}
