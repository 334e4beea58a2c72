using System.Collections.Concurrent;
using ProSaas.Data;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>Finds the agent that answers: a warm one, or one made now from what the database says.</summary>
internal sealed class AgentSource(AgentCache cache, IServiceScopeFactory scopes)
{
    private readonly ConcurrentDictionary<long, Lazy<Task<BusinessProfile?>>> _loading = new();

    /// <summary>The agent made from this version of the business or a later one; null when the business is gone.</summary>
    /// <param name="version">The business's version as the database just said it: a cached agent that is older is not used.</param>
    public async ValueTask<BusinessAgent?> GetAsync(long business, AgentChannel channel, long version, CancellationToken cancellationToken)
    {
        if (cache.Find(business, channel, version) is { } warm)
        {
            return warm;
        }

        var profile = await LoadOnceAsync(business, cancellationToken);
        if (profile?.Version < version)
        {
            // It was being read for another caller before the change was made.
            profile = await LoadOnceAsync(business, cancellationToken);
        }

        return profile is null ? null : cache.GetOrCreate(profile, channel);
    }

    private Task<BusinessProfile?> LoadOnceAsync(long business, CancellationToken cancellationToken)
        => _loading.GetOrAdd(business, id => new(() => Task.Run(() => LoadAsync(id), CancellationToken.None))).Value.WaitAsync(cancellationToken);

    // For all who wait: one who leaves does not end it. The connection's own limits do.
    private async Task<BusinessProfile?> LoadAsync(long business)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<UnitOfWork>()
                .ForBusinessAsync(business, (db, token) => BusinessReader.FindAsync(db, business, token), CancellationToken.None);
        }
        finally
        {
            _loading.TryRemove(business, out _);
        }
    }
}
