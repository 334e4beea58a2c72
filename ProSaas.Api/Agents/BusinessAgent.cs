using Microsoft.Agents.AI;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>A business's agent on a channel.</summary>
/// <param name="Agent">Over the chat pipeline that all agents share; holds no text of the business.</param>
/// <param name="Business">What its prompt is composed from at each run.</param>
/// <param name="MadeAt">When it was made, UTC.</param>
/// <param name="MadeIn">How long that took.</param>
internal sealed record BusinessAgent(ChatClientAgent Agent, BusinessProfile Business, AgentChannel Channel, DateTimeOffset MadeAt, TimeSpan MadeIn);
