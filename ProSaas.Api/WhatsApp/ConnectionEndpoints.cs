using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Businesses;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.ServiceDefaults;
using QRCoder;

namespace ProSaas.Api.WhatsApp;

/// <summary>A business's connection to WhatsApp, for its people.</summary>
internal static class ConnectionEndpoints
{
    private const string Png = "image/png";
    private const string Pairing = "pairing";
    private const string RetryAfterSeconds = "5";
    private const int PixelsPerModule = 8;

    public static void MapConnection(this WebApplication app)
    {
        var connection = app.MapGroup("/api/businesses/{businessId:long:min(1)}/whatsapp").WithTags("WhatsApp").KeepOutOfCaches()
            .AddEndpointFilter(AskServiceAsync)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        connection.MapGet("/", GetAsync).RequireBusinessMember()
            .WithSummary("The business's connection to WhatsApp")
            .WithDescription("As the WhatsApp service has it now; off where none was begun.")
            .WithExample(StatusCodes.Status200OK, ConnectionResponse.Example);
        connection.MapGet("/qr", GetQrAsync).RequireBusinessOwner()
            .WithSummary("The QR code to scan with the business's telephone")
            .WithDescription("In the state pairing only. WhatsApp changes the code about every 20 seconds: get it again until the state is another.")
            .Produces<Stream>(StatusCodes.Status200OK, Png)
            .ProducesProblem(StatusCodes.Status409Conflict);
        connection.MapPost("/restart", RestartAsync).RequireBusinessOwner()
            .WithSummary("Begins the connection, or begins it anew")
            .WithDescription("After a log-out it pairs again: scan the QR code.")
            .WithExample(StatusCodes.Status202Accepted, ConnectionResponse.PairingExample);
        connection.MapDelete("/", LogOutAsync).RequireBusinessOwner()
            .WithSummary("Logs out at WhatsApp and forgets the connection")
            .WithDescription("Also where there was none.");
    }

    private static async Task<Ok<ConnectionResponse>> GetAsync(long businessId, WhatsAppService service, CancellationToken ct)
        => TypedResults.Ok(ConnectionResponse.Of(await service.FindAsync(businessId, ct)));

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> GetQrAsync(long businessId, WhatsAppService service, CancellationToken ct)
    {
        var session = await service.FindAsync(businessId, ct);
        return session is { State: Pairing, Qr: { Length: > 0 } text }
            ? TypedResults.File(PngByteQRCodeHelper.GetQRCode(text, QRCodeGenerator.ECCLevel.M, PixelsPerModule), Png)
            : Problem.Of(
                StatusCodes.Status409Conflict,
                "no-qr-code",
                "There is no QR code",
                $"There is one while the connection is {Pairing}, and it is {ConnectionResponse.Of(session).State}. Restart the connection to pair anew, or wait a moment if you just did.");
    }

    private static async Task<Accepted<ConnectionResponse>> RestartAsync(long businessId, WhatsAppService service, CancellationToken ct)
        => TypedResults.Accepted($"/api/businesses/{businessId}/whatsapp", ConnectionResponse.Of(await service.RestartAsync(businessId, ct)));

    private static async Task<NoContent> LogOutAsync(long businessId, WhatsAppService service, CancellationToken ct)
    {
        await service.LogOutAsync(businessId, ct);
        return TypedResults.NoContent();
    }

    /// <summary>Only for a business that there is, and only where the service can be asked.</summary>
    private static async ValueTask<object?> AskServiceAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var http = call.HttpContext;
        var businessId = call.GetArgument<long>(0);
        if (!await http.RequestServices.GetRequiredService<UnitOfWork>().ForBusinessAsync(
            businessId, (db, token) => db.Businesses.AnyAsync(business => business.Id == businessId, token), http.RequestAborted))
        {
            return Problem.Of(StatusCodes.Status404NotFound, "not-found", "Not found", "There is no such business, or it is not yours to see.");
        }

        if (!http.RequestServices.GetRequiredService<WhatsAppService>().IsConfigured)
        {
            return Problem.Of(
                StatusCodes.Status503ServiceUnavailable,
                "whatsapp-not-configured",
                "WhatsApp is not set up",
                $"No WhatsApp service is configured. The operator can set {WhatsAppSettings.AddressKey} to its address, and {WhatsAppSettings.SecretKey} to the secret that it has too.");
        }

        try
        {
            return await next(call);
        }
        catch (Exception failure) when (failure is WhatsAppServiceException or JsonException)
        {
            http.Response.Headers.RetryAfter = RetryAfterSeconds;
            var cause = failure is WhatsAppServiceException ? failure.Message : "The WhatsApp service gave no answer that can be read.";
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, "whatsapp-unavailable", "The WhatsApp service cannot be asked", $"{cause} Try again later.");
        }
    }
}
