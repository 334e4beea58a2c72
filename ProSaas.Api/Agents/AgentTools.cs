using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;
using ProSaas.Api.Http;
using ProSaas.Api.Text;

namespace ProSaas.Api.Agents;

/// <summary>What an agent can do besides talking. Made once; each call finds its reply in the options it was made with.</summary>
internal static class AgentTools
{
    /// <summary>How a model's arguments are read: a half surrogate is no reason to lose a customer's message.</summary>
    private static readonly JsonSerializerOptions Arguments =
        new(AIJsonUtilities.DefaultOptions) { Converters = { new WellFormedTextConverter() } };

    public static readonly IReadOnlyList<AITool> All =
    [
        AIFunctionFactory.Create(
            OpeningHoursNow, "opening_hours_now", "Tells the business's local day and time, and whether it is open right now."),
        AIFunctionFactory.Create(TakeMessage, EmbeddedAnswerer.TakeMessageTool,
            "Passes a message of the customer on to the business's owner. Use it when you cannot help.", Arguments),
        AIFunctionFactory.Create(HandOver, "hand_over",
            "Has a person of the business go on with this conversation. Use it when the customer asks for a person."),
    ];

    private static ReplyDraft Draft => ReplyDraft.Of(FunctionInvokingChatClient.CurrentContext?.Options);

    /// <summary>For the moment given: its zone's own rules say which local time that is, also on the days when clocks are set.</summary>
    internal static string DescribeHours(BusinessProfile business, DateTimeOffset now)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(business.TimeZone, out var zone))
        {
            return "The business's time zone is not known, so nobody can tell. Its weekly hours are in your instructions.";
        }

        var local = TimeZoneInfo.ConvertTime(now, zone);
        var state = business.OpeningHours.Periods.Count is 0 ? "The business has not said when it is open."
            : business.OpeningHours.IsOpenAt(local.DayOfWeek, TimeOnly.FromTimeSpan(local.TimeOfDay)) ? "The business is open now."
            : "The business is closed now.";
        return string.Create(CultureInfo.InvariantCulture, $"It is {local:dddd HH:mm} in {business.TimeZone}. {state}");
    }

    private static string OpeningHoursNow() => DescribeHours(Draft.Business, Draft.Now);

    private static string TakeMessage([Description("What the customer wants the owner to know, in the customer's words.")] string text)
    {
        if (WellFormedText.Of(text ?? "").TrimToNull() is not { } message)
        {
            return "There was no text to pass on.";
        }

        Draft.Take(message);
        return "The owner gets the message.";
    }

    private static string HandOver()
    {
        var draft = Draft;
        draft.HandOver = true;
        var hours = DescribeHours(draft.Business, draft.Now);
        return $"A person of the business goes on from here, when it is open. Tell the customer. {hours}";
    }
}
