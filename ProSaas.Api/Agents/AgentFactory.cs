using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>Makes agents over the one chat pipeline that all of them share.</summary>
internal class AgentFactory(IChatClient pipeline, TimeProvider time)
{
    /// <summary>Makes the agent of a business on a channel. Reads no database and calls no provider.</summary>
    /// <exception cref="System.Text.Json.JsonException">The business's opening hours cannot be read: better now than before a customer.</exception>
    public virtual BusinessAgent Create(BusinessProfile business, AgentChannel channel)
    {
        var started = time.GetTimestamp();
        _ = business.OpeningHours.Periods;
        var agent = new ChatClientAgent(
            pipeline,
            new ChatClientAgentOptions
            {
                Id = AgentTelemetry.AgentId(business.Id, channel),
                Name = AgentChannelConverter.ToWord(channel),
                UseProvidedChatClientAsIs = true,
            });
        return new BusinessAgent(agent, business, channel, time.GetUtcNow(), time.GetElapsedTime(started));
    }
}
