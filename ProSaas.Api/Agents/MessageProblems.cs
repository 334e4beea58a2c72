using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using ProSaas.Api.Http;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Agents;

internal static class MessageProblems
{
    private const int RetryAfterSeconds = 1;

    public static ProblemHttpResult NotFound(string what) => Problem.Of(
        StatusCodes.Status404NotFound, "not-found", "Not found", $"There is no such {what}, or it is not yours to see.");

    public static ProblemHttpResult Invalid(FieldErrors errors)
    {
        var problem = Problem.Details(StatusCodes.Status422UnprocessableEntity, "validation", "The message cannot be answered", "See the errors of each field.");
        problem.Extensions["errors"] = errors.All;
        return TypedResults.Problem(problem);
    }

    public static ProblemHttpResult ChannelDisabled() => Problem.Of(
        StatusCodes.Status409Conflict, "channel-disabled", "The channel is switched off", "The business does not use this channel. An owner can switch it on.");

    public static ProblemHttpResult BusinessInactive() => Problem.Of(
        StatusCodes.Status409Conflict, "business-inactive", "The business is not active", "It has no agents while it is deactivated. An owner can activate it.");

    public static ProblemHttpResult KeyReused() => Problem.Of(
        StatusCodes.Status422UnprocessableEntity, "idempotency-key-reused", "The Idempotency-Key was used before", "It belongs to another message. Send each message with a key of its own.");

    public static ProblemHttpResult Busy(HttpResponse response) => Later(
        response, StatusCodes.Status409Conflict, "conversation-busy", "The conversation is busy", "The customer's message before this one is still being answered. Send this one again shortly.");

    public static ProblemHttpResult Overtaken(HttpResponse response) => Later(response, OvertakenDetails());

    /// <summary>The turn took so long that its lease ran out, and another took it over.</summary>
    public static ProblemDetails OvertakenDetails() => Problem.Details(
        StatusCodes.Status503ServiceUnavailable, "answer-overtaken", "The answer came too late", "Nothing of it was kept. Send the message again, with the same Idempotency-Key.");

    /// <summary>In the middle of a stream, when a part of the answer is with the client already.</summary>
    public static ProblemDetails Interrupted() => Problem.Details(
        StatusCodes.Status502BadGateway, "answer-interrupted", "The answer broke off", "What was sent is not the whole of it, and nothing was kept. Send the message again, with the same Idempotency-Key.");

    private static ProblemHttpResult Later(HttpResponse response, int status, string type, string title, string detail) => Later(response, Problem.Details(status, type, title, detail));

    private static ProblemHttpResult Later(HttpResponse response, ProblemDetails problem)
    {
        response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Problem(problem);
    }
}
