using System.Globalization;
using System.Text;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>Composes what an agent is told from what its business said.</summary>
internal static class AgentPrompt
{
    public static string Compose(BusinessProfile business, AgentChannel channel)
    {
        var prompt = new StringBuilder(1_024 + business.SystemPrompt.Length + business.Faq.TextBytes)
            .Append(
                CultureInfo.InvariantCulture, $"You answer the customers of {business.Name} ({business.BusinessType}) {Medium(channel)}. ")
            .Append(CultureInfo.InvariantCulture, $"Answer in the customer's language; the business's own is {business.Language}.\n")
            .Append(CultureInfo.InvariantCulture, $"Greeting: {business.Greeting}\n");

        var instructions = channel is AgentChannel.WhatsApp && business.WhatsappSystemPrompt.Length > 0
            ? business.WhatsappSystemPrompt
            : business.SystemPrompt;
        prompt.Append(CultureInfo.InvariantCulture, $"{instructions}\n");

        foreach (var hours in business.OpeningHours.Periods)
        {
            prompt.Append(CultureInfo.InvariantCulture,
                $"Open on {hours.Day} from {hours.Opens:HH:mm} to {hours.Closes:HH:mm} ({business.TimeZone}).\n");
        }

        return prompt
            .Append(CultureInfo.InvariantCulture, $"{business.Faq.Text}\n")
            .Append(
                "When none of this answers the question, say that you do not know and offer to pass a message on to the owner. Never invent prices, times or promises.")
            .ToString();
    }

    private static string Medium(AgentChannel channel) =>
        channel is AgentChannel.Calls ? "on the phone: keep it short and speakable" : "on WhatsApp";
}
