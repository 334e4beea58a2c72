using ProSaas.Data.Businesses;

namespace ProSaas.Api.Agents;

/// <summary>All that an agent is made from: the business as it was at <see cref="Business.AgentVersion"/>, and its FAQ.</summary>
internal sealed record BusinessProfile(Business Business, IReadOnlyList<FaqAnswer> Faq)
{
    public IEnumerable<AgentChannel> Channels
    {
        get
        {
            if (Business.CallsEnabled)
            {
                yield return AgentChannel.Calls;
            }

            if (Business.WhatsappEnabled)
            {
                yield return AgentChannel.WhatsApp;
            }
        }
    }
}

/// <summary>One entry of a business's FAQ.</summary>
internal sealed record FaqAnswer(string Question, string Answer);
