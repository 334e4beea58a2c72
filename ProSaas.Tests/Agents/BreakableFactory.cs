using Microsoft.Extensions.AI;
using ProSaas.Api.Agents;
using ProSaas.Data.Conversations;

namespace ProSaas.Tests.Agents;

/// <summary>Makes agents until it is broken.</summary>
internal sealed class BreakableFactory(IChatClient pipeline) : AgentFactory(pipeline, TimeProvider.System)
{
    public bool IsBroken { get; set; }

    public override BusinessAgent Create(BusinessProfile business, AgentChannel channel)
        => IsBroken ? throw new InvalidOperationException("No agent can be made.") : base.Create(business, channel);
}
