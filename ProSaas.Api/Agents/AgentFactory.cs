using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;

namespace ProSaas.Api.Agents;

/// <summary>Makes agents over the one chat pipeline that all of them share.</summary>
internal sealed class AgentFactory(IChatClient client, ILoggerFactory loggers, IServiceProvider services)
{
    /// <summary>Makes the agent of a business on a channel. Reads no database and calls no provider.</summary>
    public AIAgent Create(BusinessProfile profile, AgentChannel channel)
        => new ChatClientAgent(
            client,
            new ChatClientAgentOptions
            {
                Id = $"{profile.Business.Id}:{channel}",
                Name = profile.Business.Name,
                UseProvidedChatClientAsIs = true,
                ChatOptions = new ChatOptions
                {
                    Instructions = AgentPrompt.Compose(profile, channel),
                    AdditionalProperties = new AdditionalPropertiesDictionary { [EmbeddedAnswerer.FaqProperty] = profile.Faq },
                },
            },
            loggers,
            services);
}
