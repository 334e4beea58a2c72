using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;
using ProSaas.Api.Accounts;
using ProSaas.Api.Conversations;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.Agents;

internal static class MessageEndpoint
{
    private const string EventStream = "text/event-stream";
    private const int MaxIdempotencyKey = 200;

    public static void MapMessages(this RouteGroupBuilder agents) => agents.MapPost("/{channel}/messages", SendAsync)
        .WithSummary("Sends a customer's message to an agent and returns the reply")
        .WithDescription(
            "As JSON or, with Accept: text/event-stream, as events: delta for each part, then reply with the whole reply as JSON has it, or error if it broke off. A conversation handed over to a person gets no reply: text is null.")
        .Produces<AgentReply>(StatusCodes.Status200OK, "application/json", EventStream)
        .WithValidation<MessageRequest>()
        .WithProblems(
            ProblemTypes.ChannelDisabled,
            ProblemTypes.BusinessInactive,
            ProblemTypes.ConversationBusy,
            ProblemTypes.TooManyRequests,
            ProblemTypes.BodyTooLarge,
            ProblemTypes.IdempotencyKeyReused,
            ProblemTypes.TooManyRequests,
            ProblemTypes.AnswerOvertaken)
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            if (operation.RequestBody?.Content?.TryGetValue("application/json", out var request) is true)
            {
                request.Example = JsonNode.Parse("""{ "customer": "+972545550001", "text": "מה שעות הפתיחה?" }""");
            }

            if (operation.Responses?["200"].Content?.TryGetValue("application/json", out var response) is true)
            {
                response.Example = JsonNode.Parse(
                    """
                    { "conversationId": 7, "messageId": 21, "text": "אנחנו פתוחים בימים א׳ עד ה׳ מ-9:00 עד 18:00.", "answerer": "embedded",
                      "faqEntryId": 3, "isFallback": false, "messageTaken": false, "handedOver": false }
                    """);
            }

            return Task.CompletedTask;
        });

    private static async Task<IResult> SendAsync(
        long businessId,
        string channel,
        MessageRequest body,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        HttpContext http,
        ConversationTurns turns,
        AgentReplies replies,
        CurrentAccount account,
        CancellationToken cancellationToken)
    {
        if (EnumNames.Find<AgentChannel>(channel) is not { } known)
        {
            return Problems.NotFound("channel");
        }

        if (idempotencyKey is not (null or { Length: >= 1 and <= MaxIdempotencyKey }) || idempotencyKey?.All(char.IsAscii) is false)
        {
            return Problems.Invalid("Idempotency-Key", $"The header has 1 to {MaxIdempotencyKey} ASCII characters.");
        }

        var message = new CustomerMessage(businessId, known, body.Customer!.Trim(), body.ConversationId, body.Text!.Trim(), idempotencyKey);
        var start = await turns.BeginAsync(message, cancellationToken);
        var events = WantsEvents(http.Request);
        http.Response.Headers.CacheControl = "no-store";
        if (start.Refusal is { } refusal)
        {
            return MessageProblems.Of(refusal, http.Response);
        }

        if (start.Turn is { } taken && await replies.SpendAsync(taken, account.Id) is { } spent)
        {
            return spent.ToProblem(http.Response, "The message is kept. Send it again then, with the same Idempotency-Key.");
        }

        if (events && start.Turn is { IsHandedOver: false } turn)
        {
            return TypedResults.ServerSentEvents(replies.StreamAsync(turn, cancellationToken));
        }

        var reply = start.Reply ?? await replies.ReplyAsync(start.Turn!, keepTurn: false, cancellationToken);
        return reply is null ? MessageProblems.Overtaken(http.Response)
            : events ? TypedResults.ServerSentEvents(replies.StreamAsync(reply))
            : TypedResults.Ok(reply);
    }

    private static bool WantsEvents(HttpRequest request) =>
        request.GetTypedHeaders().Accept
            .Any(type => type.MediaType.Equals(EventStream, StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);
}
