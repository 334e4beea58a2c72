using System.Globalization;
using System.Text;
using ProSaas.Api.Text;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

/// <summary>Composes what an agent is told from what its business said.</summary>
internal static class AgentPrompt
{
    private const string Closing =
        "When none of this answers the question, say that you do not know and offer to pass a message on to the owner. Never invent prices, times or promises.";

    /// <param name="question">The message to answer: of a FAQ that is too large, what it asks for comes first.</param>
    /// <param name="maxBytes">In UTF-8. The business's own instructions have five sixths of it at most, the FAQ what is left.</param>
    public static string Compose(BusinessProfile business, AgentChannel channel, string question = "", int maxBytes = int.MaxValue)
    {
        var prompt = new StringBuilder(1_024 + business.SystemPrompt.Length + Math.Min(business.Faq.TextBytes, maxBytes))
            .Append(
                CultureInfo.InvariantCulture, $"You answer the customers of {business.Name} ({business.BusinessType}) {Medium(channel)}. ")
            .Append(CultureInfo.InvariantCulture, $"Answer in the customer's language; the business's own is {business.Language}.\n")
            .Append(CultureInfo.InvariantCulture, $"Greeting: {business.Greeting}\n");

        var instructions = channel is AgentChannel.WhatsApp && business.WhatsappSystemPrompt.Length > 0
            ? business.WhatsappSystemPrompt
            : business.SystemPrompt;
        prompt.Append(CultureInfo.InvariantCulture, $"{WellFormedText.CutToBytes(instructions.ToString(), maxBytes / 6 * 5)}\n");

        foreach (var hours in business.OpeningHours.Periods)
        {
            prompt.Append(CultureInfo.InvariantCulture,
                $"Open on {hours.Day} from {hours.Opens:HH:mm} to {hours.Closes:HH:mm} ({business.TimeZone}).\n");
        }

        var left = maxBytes - Closing.Length - 1;
        foreach (var chunk in prompt.GetChunks())
        {
            left -= Encoding.UTF8.GetByteCount(chunk.Span);
        }

        return prompt.Append(CultureInfo.InvariantCulture, $"{business.Faq.TextFor(question, left)}\n").Append(Closing).ToString();
    }

    private static string Medium(AgentChannel channel) =>
        channel is AgentChannel.Calls ? "on the phone: keep it short and speakable" : "on WhatsApp";
}
