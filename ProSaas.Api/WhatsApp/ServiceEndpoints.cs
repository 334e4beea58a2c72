using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.Api.Accounts;
using ProSaas.Api.Conversations;
using ProSaas.Api.Http;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.WhatsApp;

/// <summary>What the WhatsApp service calls, with the secret that both have.</summary>
internal static class ServiceEndpoints
{
    private const string Scheme = "Bearer ";

    private static readonly string[] States = ["pairing", "connecting", "connected", "degraded", "logged_out"];

    public static void MapWhatsAppService(this WebApplication app)
    {
        var secret = Encoding.UTF8.GetBytes(app.Services.GetRequiredService<WhatsAppSettings>().Secret);
        var service = app.MapGroup("/api/whatsapp").WithTags("WhatsApp service")
            .RequireProof(request => IsService(request, secret))
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        service.MapPost("/messages", TakeAsync)
            .WithSummary("Takes a customer's message")
            .WithDescription("For the WhatsApp service. 202 once the message is in the database; the same message twice is one. It is answered afterwards.");
        service.MapPost("/sessions", NoteAsync)
            .WithSummary("Notes the state of a business's connection")
            .WithDescription("For the WhatsApp service.");
    }

    private static async Task<Results<Accepted, ProblemHttpResult>> TakeAsync(InboundMessage message, Inbox inbox, InboxWorker worker, CancellationToken ct)
    {
        if (message.TryFindErrors(out var errors))
        {
            return Invalid(errors);
        }

        switch (await inbox.AddAsync(message, ct))
        {
            case StoreOutcome.Stored:
                worker.Wake(message.Business);
                return TypedResults.Accepted((string?)null);
            case StoreOutcome.ChannelOff:
                return Problem.Of(StatusCodes.Status422UnprocessableEntity, "channel-disabled", "The channel is switched off", "The business does not answer by WhatsApp. An owner can switch it on.");
            default:
                return NoBusiness();
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> NoteAsync(ServiceSession session, Inbox inbox, InboxWorker worker, ILogger<InboxWorker> logger, CancellationToken ct)
    {
        var errors = new FieldErrors();
        if (session.Business < 1)
        {
            errors.Add("business", "It is the id of a business, 1 or more.");
        }

        if (!States.Contains(session.State, StringComparer.Ordinal))
        {
            errors.Add("state", $"It is one of {string.Join(", ", States)}.");
        }

        errors.Optional("reason", session.Reason, maxLength: 1_000);
        errors.Optional("phone", session.Phone, maxLength: 64);
        if (errors.Any)
        {
            return Invalid(errors);
        }

        await inbox.NoteAsync(session, ct);
        Log.SessionChanged(logger, session.Business, session.State);
        worker.Wake(session.Business);
        return TypedResults.NoContent();
    }

    private static bool IsService(HttpRequest request, byte[] secret)
    {
        var shown = request.Headers.Authorization.ToString();
        return secret.Length > 0
            && shown.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(shown[Scheme.Length..]), secret);
    }

    private static ProblemHttpResult NoBusiness() => Problem.Of(StatusCodes.Status404NotFound, "not-found", "Not found", "There is no such business.");

    private static ProblemHttpResult Invalid(FieldErrors errors)
    {
        var problem = Problem.Details(StatusCodes.Status422UnprocessableEntity, "validation", "This cannot be taken", "See the errors of each field.");
        problem.Extensions["errors"] = errors.All;
        return TypedResults.Problem(problem);
    }
}
