using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Businesses;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Auditing;
using QRCoder;

namespace ProSaas.Api.WhatsApp;

/// <summary>A business's connection to WhatsApp, for its people.</summary>
internal static class ConnectionEndpoints
{
    private const string Png = "image/png";
    private const int PixelsPerModule = 8;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    public static void MapConnection(this WebApplication app)
    {
        var connection = app.MapGroup("/api/businesses/{businessId:long:min(1)}/whatsapp").WithTags("WhatsApp").KeepOutOfCaches()
            .AddEndpointFilter(AskServiceAsync)
            .WithProblems(ProblemTypes.WhatsAppNotConfigured, ProblemTypes.WhatsAppUnavailable);
        connection.MapGet("/", GetAsync).RequireBusinessMember()
            .WithSummary("The business's connection to WhatsApp")
            .WithDescription("As the WhatsApp service has it now; off where none was started.")
            .WithExample(StatusCodes.Status200OK, ConnectionResponse.Example);
        connection.MapGet("/qr", GetQrAsync).RequireBusinessOwner()
            .WithSummary("The QR code to scan with the business's telephone")
            .WithDescription(
                "In the state pairing only. WhatsApp changes the code about every 20 seconds: get it again until the state changes.")
            .Produces<Stream>(StatusCodes.Status200OK, Png)
            .WithProblems(ProblemTypes.NoQrCode);
        connection.MapPost("/restart", RestartAsync).RequireBusinessOwner()
            .WithSummary("Starts the connection, or restarts it")
            .WithDescription("After a log-out it pairs again: scan the QR code.")
            .WithExample(StatusCodes.Status202Accepted, ConnectionResponse.PairingExample);
        connection.MapDelete("/", LogOutAsync).RequireBusinessOwner()
            .WithSummary("Logs out at WhatsApp and forgets the connection")
            .WithDescription("Succeeds also where there was none.");
    }

    private static async Task<Ok<ConnectionResponse>> GetAsync(
        long businessId, WhatsAppService service, CancellationToken cancellationToken) =>
        TypedResults.Ok(ConnectionResponse.Of(await service.FindAsync(businessId, cancellationToken)));

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> GetQrAsync(
        long businessId, WhatsAppService service, UnitOfWork unit, AuditActor actor, CancellationToken cancellationToken)
    {
        var session = await service.FindAsync(businessId, cancellationToken);
        if (session is { State: ConnectionState.Pairing })
        {
            // Once in ten minutes: who pairs a telephone gets the code again and again.
            await unit.ForBusinessAsync(
                businessId,
                (context, token) => context.AuditReadAsync(actor, businessId, "whatsapp_qr.read", businessId, token),
                cancellationToken);
        }

        return session is { State: ConnectionState.Pairing, Qr: { Length: > 0 } text }
            ? TypedResults.File(PngByteQRCodeHelper.GetQRCode(text, QRCodeGenerator.ECCLevel.M, PixelsPerModule), Png)
            : ProblemTypes.NoQrCode.Because(
                $"There is one while the connection is pairing, and it is {EnumNames.Of(ConnectionResponse.Of(session).State)}. "
                + "Restart the connection to pair anew, or wait a moment if you just did.");
    }

    private static async Task<Accepted<ConnectionResponse>> RestartAsync(
        long businessId, WhatsAppService service, UnitOfWork unit, AuditActor actor, CancellationToken cancellationToken)
    {
        var session = await service.RestartAsync(businessId, cancellationToken);
        await AuditAsync(unit, actor, businessId, "whatsapp.restarted", cancellationToken);
        return TypedResults.Accepted($"/api/businesses/{businessId}/whatsapp", ConnectionResponse.Of(session));
    }

    private static async Task<NoContent> LogOutAsync(
        long businessId, WhatsAppService service, UnitOfWork unit, AuditActor actor, CancellationToken cancellationToken)
    {
        await service.LogOutAsync(businessId, cancellationToken);
        await AuditAsync(unit, actor, businessId, "whatsapp.logged_out", cancellationToken);
        return TypedResults.NoContent();
    }

    private static Task<int> AuditAsync(
        UnitOfWork unit, AuditActor actor, long businessId, string action, CancellationToken cancellationToken) =>
        unit.ForBusinessAsync(
            businessId,
            (context, token) =>
            {
                context.Audit(actor, businessId, action, businessId);
                return context.SaveChangesAsync(token);
            },
            cancellationToken);

    /// <summary>Only for a business that there is, and only where the service can be asked.</summary>
    private static async ValueTask<object?> AskServiceAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var http = call.HttpContext;
        var businessId = call.GetArgument<long>(0);
        if (!await http.RequestServices.GetRequiredService<UnitOfWork>().ForBusinessAsync(
            businessId, (context, token) => context.Businesses.AnyAsync(business => business.Id == businessId, token), http.RequestAborted))
        {
            return Problems.NotFound("business");
        }

        if (!http.RequestServices.GetRequiredService<WhatsAppService>().IsConfigured)
        {
            return ProblemTypes.WhatsAppNotConfigured.Because(
                $"No WhatsApp service is configured. The operator can set {WhatsAppSettings.AddressKey} to its address, and {WhatsAppSettings.SecretKey} to the secret that it has too.");
        }

        try
        {
            return await next(call);
        }
        catch (Exception failure) when (failure is WhatsAppServiceException or JsonException)
        {
            var cause = failure is WhatsAppServiceException ? failure.Message : "The WhatsApp service gave no answer that can be read.";
            return ProblemTypes.WhatsAppUnavailable.Because(http.Response, RetryAfter, $"{cause} Try again later.");
        }
    }
}
