using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using ProSaas.Api.Conversations;
using ProSaas.Api.Http;

namespace ProSaas.Api.Agents;

internal static class MessageProblems
{
    private const string OvertakenDetail = "The reply was not kept. Send the message again, with the same Idempotency-Key.";

    private static readonly string QueueDetail = string.Create(CultureInfo.InvariantCulture,
        $"{ConversationTurns.MostWaiting} messages of this conversation wait for their replies, and no more may. This one was not kept: send it again when some have been answered.");

    private static readonly TimeSpan QueueRetryAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public static ProblemHttpResult Of(TurnRefusal refusal, HttpResponse response) => refusal switch
    {
        TurnRefusal.BusinessUnknown => Problems.NotFound("business"),
        TurnRefusal.ConversationUnknown => Problems.NotFound("conversation"),
        TurnRefusal.ChannelDisabled =>
            ProblemTypes.ChannelDisabled.Because("The business does not use this channel. An owner can switch it on."),
        TurnRefusal.BusinessInactive =>
            ProblemTypes.BusinessInactive.Because("It has no agents while it is deactivated. An owner can activate it."),
        TurnRefusal.KeyReused =>
            ProblemTypes.IdempotencyKeyReused.Because("It belongs to another message. Send each message with a key of its own."),
        TurnRefusal.QueueFull => ProblemTypes.TooManyRequests.Because(response, QueueRetryAfter, QueueDetail),
        _ => ProblemTypes.ConversationBusy.Because(
            response, RetryAfter, "The customer's message before this one is still being answered. Send this one again shortly."),
    };

    public static ProblemHttpResult Overtaken(HttpResponse response) =>
        ProblemTypes.AnswerOvertaken.Because(response, RetryAfter, OvertakenDetail);

    /// <summary>The turn took so long that its lease ran out, and another took it over.</summary>
    public static ProblemDetails OvertakenDetails() => ProblemTypes.AnswerOvertaken.Details(OvertakenDetail);

    /// <summary>At the end of a stream, when the database was lost while the reply was stored.</summary>
    public static ProblemDetails OutcomeUnknown() => ProblemTypes.OutcomeUnknown.Details(
        "The database was lost while the reply was stored: it may be kept or not. With the same Idempotency-Key the message gets the reply that it has.");

    /// <summary>In the middle of a stream, when a part of the reply is with the client already.</summary>
    public static ProblemDetails Interrupted() => ProblemTypes.AnswerInterrupted.Details(
        "The reply is incomplete and was not kept. Send the message again, with the same Idempotency-Key.");
}
