using System.Globalization;
using System.Text;

namespace ProSaas.Api.Agents;

/// <summary>Composes what an agent is told from the business's row.</summary>
internal static class AgentPrompt
{
    public static string Compose(BusinessProfile profile, AgentChannel channel)
    {
        var business = profile.Business;
        var prompt = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"You answer the customers of {business.Name} ({business.BusinessType}) {Medium(channel)}. ")
            .Append(CultureInfo.InvariantCulture, $"Answer in the customer's language; the business's own is {business.Language}.\n");

        var instructions = channel is AgentChannel.WhatsApp && !string.IsNullOrWhiteSpace(business.WhatsappSystemPrompt)
            ? business.WhatsappSystemPrompt
            : business.SystemPrompt;
        prompt.Append(CultureInfo.InvariantCulture, $"Greeting: {business.Greeting}\n{instructions}\n");

        foreach (var hours in business.OpeningHours.Periods)
        {
            prompt.Append(CultureInfo.InvariantCulture, $"Open on {hours.Day} from {hours.Opens:HH:mm} to {hours.Closes:HH:mm} ({business.TimeZone}).\n");
        }

        foreach (var entry in profile.Faq)
        {
            prompt.Append(CultureInfo.InvariantCulture, $"Q: {entry.Question}\nA: {entry.Answer}\n");
        }

        return prompt.Append("Say that you do not know when none of this answers the question.").ToString();
    }

    private static string Medium(AgentChannel channel) => channel is AgentChannel.Calls ? "on the phone: keep it short and speakable" : "on WhatsApp";
}
