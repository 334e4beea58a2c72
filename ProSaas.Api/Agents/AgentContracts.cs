using System.Text.Json.Serialization;
using ProSaas.Api.Http;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>A business's agents.</summary>
/// <param name="Version">The business's version: an agent of an older one reads the business anew before it answers.</param>
internal sealed record AgentsResponse(long Version, IReadOnlyList<AgentResponse> Agents);

/// <summary>An agent as this replica has it.</summary>
/// <param name="IsEnabled">Whether the business is active and uses the channel.</param>
/// <param name="Since">When the business was read for it, UTC; null when it is cold.</param>
/// <param name="MadeInMilliseconds">How long it took to prepare what was read.</param>
/// <param name="Version">The business's version that it was made from.</param>
internal sealed record AgentResponse(
    AgentChannel Channel, bool IsEnabled, AgentState State, DateTimeOffset? Since, double? MadeInMilliseconds, long? Version);

/// <summary>Whether an agent is ready for its first customer.</summary>
[JsonConverter(typeof(NamedEnumConverter<AgentState>))]
internal enum AgentState
{
    /// <summary>Made when it is first needed.</summary>
    Cold,

    /// <summary>Made and ready.</summary>
    Warm,
}

/// <summary>What is warm after all agents were made anew.</summary>
internal sealed record RewarmResponse(int Businesses, int WantedAgents, int WarmAgents, double Seconds);
