using Microsoft.Extensions.Options;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>
/// Agents by business and channel, each made once however many ask, and remade when the business has changed. What they take is
/// bounded by <see cref="AgentWarmupOptions.MemoryBudget"/>; beyond it the business that was not asked for longest goes.
/// </summary>
internal sealed class AgentCache(AgentFactory factory, IOptions<AgentWarmupOptions> options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, LinkedListNode<Entry>> _businesses = [];

    /// <summary>The last used first.</summary>
    private readonly LinkedList<Entry> _byUse = [];
    private readonly long _budget = options.Value.MemoryBudget;
    private long _bytes;

    /// <summary>The agent, if it is there and was made from this version of its business or a later one.</summary>
    public BusinessAgent? Find(long business, AgentChannel channel, long version)
    {
        lock (_lock)
        {
            if (!_businesses.TryGetValue(business, out var node) || node.Value.Business.Version < version)
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Find(channel);
        }
    }

    /// <summary>As <see cref="Find"/>, for a look that is no use of it.</summary>
    public BusinessAgent? Peek(long business, AgentChannel channel)
    {
        lock (_lock)
        {
            return _businesses.GetValueOrDefault(business)?.Value.Find(channel);
        }
    }

    /// <summary>
    /// The agent made from this version of the business or a later one; makes it when there is none. A version older than the
    /// cached one, read before the change by a slower caller, never replaces it.
    /// </summary>
    public BusinessAgent GetOrCreate(BusinessProfile business, AgentChannel channel)
    {
        if (business.SizeInBytes > _budget)
        {
            // It would push out all others and still not fit.
            return factory.Create(business, channel);
        }

        Entry entry;
        lock (_lock)
        {
            entry = Keep(business, remake: false, first: true);
            while (_bytes > _budget)
            {
                Drop(_byUse.Last!);
            }
        }

        return entry.GetOrCreate(channel, factory);
    }

    /// <summary>Makes the agents of the business's enabled channels, after those that were used, unless there is no room for them.</summary>
    /// <param name="business">What they are made from.</param>
    /// <param name="remake">Whether agents made from the same version are replaced.</param>
    /// <param name="failed">Told of each agent that could not be made.</param>
    /// <returns>How many of them are there; null when there was no room.</returns>
    public int? Warm(BusinessProfile business, bool remake, Action<AgentChannel, Exception> failed)
    {
        Entry entry;
        lock (_lock)
        {
            if (_bytes - SizeOf(business.Id) + business.SizeInBytes > _budget)
            {
                return null;
            }

            entry = Keep(business, remake, first: false);
        }

        var made = 0;
        foreach (var channel in Enum.GetValues<AgentChannel>())
        {
            if (!business.IsEnabled(channel))
            {
                continue;
            }

            try
            {
                entry.GetOrCreate(channel, factory);
                made++;
            }
            catch (Exception exception)
            {
                failed(channel, exception);
            }
        }

        return made;
    }

    /// <summary>Forgets the agents of businesses.</summary>
    public void Remove(Func<long, bool> business)
    {
        lock (_lock)
        {
            foreach (var node in _businesses.Values.Where(node => business(node.Value.Business.Id)).ToList())
            {
                Drop(node);
            }
        }
    }

    private Entry Keep(BusinessProfile business, bool remake, bool first)
    {
        if (_businesses.TryGetValue(business.Id, out var node))
        {
            var cached = node.Value.Business.Version;
            if (cached > business.Version || (cached == business.Version && !remake && !node.Value.HasFailed))
            {
                return node.Value;
            }
        }

        var added = node is null ? _byUse.AddLast(new Entry(business)) : _byUse.AddBefore(node, new Entry(business));
        if (node is not null)
        {
            Drop(node);
        }

        if (first)
        {
            _byUse.Remove(added);
            _byUse.AddFirst(added);
        }

        _businesses[business.Id] = added;
        _bytes += business.SizeInBytes;
        return added.Value;
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _businesses.Remove(node.Value.Business.Id);
        _bytes -= node.Value.Business.SizeInBytes;
    }

    private long SizeOf(long business) => _businesses.GetValueOrDefault(business)?.Value.Business.SizeInBytes ?? 0;

    /// <summary>
    /// A business and its agents, made on first use. After one that could not be made, the next caller's reading of the business
    /// replaces it: what was wrong may have been put right without a new version.
    /// </summary>
    private sealed class Entry(BusinessProfile business)
    {
        private readonly Lock _making = new();
        private volatile BusinessAgent? _calls;
        private volatile BusinessAgent? _whatsapp;
        private volatile bool _hasFailed;

        public BusinessProfile Business => business;

        public bool HasFailed => _hasFailed;

        public BusinessAgent? Find(AgentChannel channel) => channel is AgentChannel.Calls ? _calls : _whatsapp;

        public BusinessAgent GetOrCreate(AgentChannel channel, AgentFactory factory)
        {
            lock (_making)
            {
                try
                {
                    return channel is AgentChannel.Calls
                        ? _calls ??= factory.Create(business, channel)
                        : _whatsapp ??= factory.Create(business, channel);
                }
                catch
                {
                    _hasFailed = true;
                    throw;
                }
            }
        }
    }
}
