using System.Globalization;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using ProSaas.Data;
using ZiggyCreatures.Caching.Fusion;

namespace ProSaas.Api.Agents;

/// <summary>
/// Businesses' profiles, each read once however many ask, and read anew when the database says that the business has a later version.
/// They are bounded by <see cref="AgentWarmupOptions.MemoryBudget"/>: beyond it those that were not asked for longest go.
/// </summary>
internal sealed class ProfileCache : IDisposable
{
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly long _budget;
    private readonly MemoryCache _memory;
    private readonly FusionCache _profiles;

    public ProfileCache(IServiceScopeFactory scopes, IOptions<AgentWarmupOptions> options, TimeProvider time)
    {
        _scopes = scopes;
        _time = time;
        _budget = options.Value.MemoryBudget;
        _memory = new MemoryCache(new MemoryCacheOptions { SizeLimit = _budget, TrackStatistics = true });
        _profiles = new FusionCache(
            new FusionCacheOptions
            {
                CacheName = "profiles",
                DisableTagging = true,
                DefaultEntryOptions = new FusionCacheEntryOptions(TimeSpan.MaxValue) { Size = 1 }
            },
            _memory);
    }

    /// <summary>The profile of this version of the business or a later one; null when the business is gone.</summary>
    /// <param name="version">The business's version as the database just said it: an older profile is read anew.</param>
    public async ValueTask<BusinessProfile?> GetAsync(long business, long version, CancellationToken cancellationToken)
    {
        while (true)
        {
            var profile = await _profiles.GetOrSetAsync<BusinessProfile?>(
                Key(business), (entry, token) => ReadAsync(business, entry, token), token: cancellationToken);
            if (profile is null || profile.Version >= version)
            {
                return profile;
            }

            // It was cached, or being read, before the change. Another caller may have replaced it by now.
            if (ReferenceEquals(Peek(business), profile))
            {
                Remove(business);
            }
        }
    }

    /// <summary>The profile if it is there, of whatever version.</summary>
    public BusinessProfile? Peek(long business) => _profiles.TryGet<BusinessProfile?>(Key(business)).GetValueOrDefault();

    /// <summary>Keeps a profile unless one of the same version or a later one is there.</summary>
    /// <param name="replace">Whether that one is replaced.</param>
    /// <returns>False when there is no room for it beside the others.</returns>
    public bool Add(BusinessProfile profile, bool replace)
    {
        var cached = Peek(profile.Id);
        if (!replace && cached?.Version >= profile.Version)
        {
            return true;
        }

        if (_memory.GetCurrentStatistics()!.CurrentEstimatedSize - (cached?.SizeInBytes ?? 0) + profile.SizeInBytes > _budget)
        {
            return false;
        }

        _profiles.Set(Key(profile.Id), profile, options => options.SetSize(profile.SizeInBytes));
        return true;
    }

    /// <summary>Forgets businesses.</summary>
    public void Remove(Func<long, bool> business)
    {
        foreach (var key in _memory.Keys.OfType<string>())
        {
            if (long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && business(id))
            {
                Remove(id);
            }
        }
    }

    public void Dispose()
    {
        _profiles.Dispose();
        _memory.Dispose();
    }

    private void Remove(long business) => _profiles.Remove(Key(business));

    private static string Key(long business) => business.ToString(CultureInfo.InvariantCulture);

    private async Task<BusinessProfile?> ReadAsync(
        long business, FusionCacheFactoryExecutionContext<BusinessProfile?> entry, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var profile = await scope.ServiceProvider.GetRequiredService<UnitOfWork>()
            .ForBusinessAsync(business, (context, token) => BusinessReader.FindAsync(context, business, token), cancellationToken);

        // One that is larger than the budget would push out all others and still not fit.
        var isKept = profile?.SizeInBytes <= _budget;
        profile?.Prepare(_time);
        entry.Options.SetSize(isKept ? profile!.SizeInBytes : 0).SetSkipMemoryCacheWrite(!isKept);
        return profile;
    }
}
