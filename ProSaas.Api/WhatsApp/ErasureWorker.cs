using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Startup;
using ProSaas.Data;

namespace ProSaas.Api.WhatsApp;

/// <summary>
/// Has the WhatsApp service forget what was erased here, as often as it takes until the service confirms. Several replicas may ask
/// for the same: that does no harm.
/// </summary>
internal sealed class ErasureWorker(
    IServiceScopeFactory scopes, WhatsAppService service, SchemaGateState gate, TimeProvider time, ILogger<ErasureWorker> logger)
    : BackgroundService
{
    /// <summary>As many customers as the service takes in one call.</summary>
    private const int MostAtOnce = 100;

    private const string Purpose = "whatsapp erasures";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>Longer than a call to the service takes: a reply that was under way at the erasure is there by then, and goes too.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.Opened.WaitAsync(stoppingToken);
        var pause = Interval;
        while (true)
        {
            pause = await TryAsync(stoppingToken) ? Interval : pause * 2 < LongestPause ? pause * 2 : LongestPause;
            await Task.Delay(pause, time, stoppingToken);
        }
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            var failed = 0;
            var until = time.GetUtcNow() - Settling;
            foreach (var business in await scopes.AsSystemAsync(
                Purpose,
                (context, token) => context.WhatsAppErasures.Where(erasure => erasure.RequestedAt < until)
                    .Select(erasure => erasure.BusinessId).Distinct().ToListAsync(token),
                cancellationToken))
            {
                failed += await TryAsync(business, until, cancellationToken) ? 0 : 1;
            }

            return failed == 0;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.ErasuresNotRead(logger, failure);
            return false;
        }
    }

    /// <summary>What one business's erasures meet keeps no other's waiting.</summary>
    private async Task<bool> TryAsync(long business, DateTimeOffset until, CancellationToken cancellationToken)
    {
        try
        {
            var erasures = await scopes.AsSystemAsync(
                Purpose,
                (context, token) => context.WhatsAppErasures.AsNoTracking()
                    .Where(erasure => erasure.BusinessId == business && erasure.RequestedAt < until)
                    .OrderBy(erasure => erasure.Id).Take(MostAtOnce).ToListAsync(token),
                cancellationToken);
            if (erasures.Exists(erasure => erasure.Address is null))
            {
                await service.ForgetBusinessAsync(business, cancellationToken);
            }

            if (erasures.Select(erasure => erasure.Address).OfType<string>().ToList() is { Count: > 0 } addresses)
            {
                await service.EraseAsync(business, addresses, cancellationToken);
            }

            await RemoveAsync(business, erasures.ConvertAll(erasure => erasure.Id), cancellationToken);
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotErased(logger, business, failure);
            return false;
        }
    }

    private Task<int> RemoveAsync(long business, List<long> ids, CancellationToken cancellationToken) => scopes.AsSystemAsync(
        Purpose,
        (context, token) => context.WhatsAppErasures
            .Where(erasure => erasure.BusinessId == business && ids.Contains(erasure.Id)).ExecuteDeleteAsync(token),
        cancellationToken);
}
