using System.Collections.Concurrent;
using Microsoft.Agents.AI;

namespace ProSaas.Api.Agents;

/// <summary>Agents by business and channel, each made once however many ask, and remade when the business has changed.</summary>
internal sealed class AgentCache(AgentFactory factory)
{
    private readonly ConcurrentDictionary<(long Business, AgentChannel Channel), Entry> _agents = new();

    /// <summary>
    /// The agent made from this version of the business or a later one; makes it when there is none. A version older than the
    /// cached one, read before the change by a slower caller, never replaces it.
    /// </summary>
    public AIAgent GetOrCreate(BusinessProfile profile, AgentChannel channel)
    {
        var key = (profile.Business.Id, channel);
        var version = profile.Business.AgentVersion;
        var entry = _agents.AddOrUpdate(
            key,
            _ => NewEntry(),
            (_, current) => current.Version >= version ? current : NewEntry());
        try
        {
            return entry.Agent.Value;
        }
        catch
        {
            // A Lazy keeps the exception: forget it, so that the next caller tries again.
            _agents.TryRemove(new KeyValuePair<(long, AgentChannel), Entry>(key, entry));
            throw;
        }

        Entry NewEntry() => new(version, new Lazy<AIAgent>(() => factory.Create(profile, channel)));
    }

    private sealed record Entry(long Version, Lazy<AIAgent> Agent);
}
