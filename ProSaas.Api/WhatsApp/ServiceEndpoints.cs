using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.Api.Accounts;
using ProSaas.Api.Conversations;
using ProSaas.Api.Http;

namespace ProSaas.Api.WhatsApp;

/// <summary>What the WhatsApp service calls, with the secret that both have.</summary>
internal static class ServiceEndpoints
{
    public static void MapWhatsAppService(this WebApplication app)
    {
        var secret = new SharedSecret(app.Services.GetRequiredService<WhatsAppSettings>().Secret);
        var service = app.MapGroup("/api/whatsapp").WithTags("WhatsApp service")
            .RequireProof(secret.IsBearerOf);
        service.MapPost("/messages", TakeAsync)
            .WithValidation<InboundMessage>().WithProblems(ProblemTypes.NotFound, ProblemTypes.ChannelDisabled)
            .WithSummary("Takes a customer's message")
            .WithDescription(
                "For the WhatsApp service. 202 once the message is in the database; the same message twice is one. It is answered afterwards.");
        service.MapPost("/sessions", ReportSessionAsync).WithValidation<ServiceSession>()
            .WithSummary("Reports the state of a business's connection")
            .WithDescription("For the WhatsApp service.");
    }

    private static async Task<Results<Accepted, ProblemHttpResult>> TakeAsync(
        InboundMessage message,
        DeliveryStore deliveries,
        DeliveryWorker worker,
        ILogger<DeliveryWorker> logger,
        CancellationToken cancellationToken)
    {
        switch (await deliveries.AddAsync(message, cancellationToken))
        {
            case StoreOutcome.Stored:
                worker.Wake(message.Business);
                return TypedResults.Accepted((string?)null);
            case StoreOutcome.QueueFull:
                Log.QueueFull(logger, message.Business, ConversationTurns.MostWaiting);
                return TypedResults.Accepted((string?)null);
            case StoreOutcome.ChannelOff:
                return ProblemTypes.ChannelDisabled.Because("The business does not answer by WhatsApp. An owner can switch it on.");
            default:
                return Problems.NotFound("business");
        }
    }

    private static async Task<NoContent> ReportSessionAsync(
        ServiceSession session,
        DeliveryStore deliveries,
        DeliveryWorker worker,
        ILogger<DeliveryWorker> logger,
        CancellationToken cancellationToken)
    {
        Log.SessionChanged(logger, session.Business, session.State);
        if (session.State is ConnectionState.Connected)
        {
            await deliveries.MakeDueAsync(session.Business, cancellationToken);
            worker.Wake(session.Business);
        }

        return TypedResults.NoContent();
    }
}
