using System.Net;

namespace ProSaas.Api.WhatsApp;

/// <summary>The WhatsApp service as the API uses it. What cannot be reached is told by the answer, not by an exception.</summary>
internal sealed class WhatsAppService(HttpClient http, WhatsAppSettings settings)
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);

    public bool IsConfigured => settings.Address is not null;

    /// <summary>Whether it answers; settles within a second.</summary>
    public async Task<bool> IsAnsweringAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ProbeTimeout);
        try
        {
            using var response = await http.GetAsync(
                new Uri("healthz", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (IsUnreachable(failure, cancellationToken))
        {
            return false;
        }
    }

    /// <summary>The business's connection; null when it has none.</summary>
    /// <exception cref="WhatsAppServiceException">The service cannot be asked.</exception>
    public Task<ServiceSession?> FindAsync(long businessId, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, Session(businessId), cancellationToken);

    /// <summary>Begins a connection, or begins it anew.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<ServiceSession> RestartAsync(long businessId, CancellationToken cancellationToken) =>
        await AskAsync(HttpMethod.Post, $"{Session(businessId)}/restart", cancellationToken)
            ?? await AskAsync(HttpMethod.Post, Session(businessId), cancellationToken)
            ?? throw new WhatsAppServiceException("The WhatsApp service has not begun the connection.");

    /// <summary>Logs out at WhatsApp and forgets the connection; false when there was none.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<bool> LogOutAsync(long businessId, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Delete, Session(businessId), cancellationToken);
        return response.StatusCode is not HttpStatusCode.NotFound;
    }

    /// <summary>Has every text of the customers removed, sent and received.</summary>
    /// <param name="customers">WhatsApp's addresses, 1 to 100.</param>
    /// <inheritdoc cref="FindAsync"/>
    public async Task EraseAsync(long businessId, IReadOnlyList<string> customers, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            HttpMethod.Post, $"{Session(businessId)}/erasures", cancellationToken, JsonContent.Create(new { customers }));
        if (response.StatusCode is HttpStatusCode.NotFound)
        {
            throw new WhatsAppServiceException("The WhatsApp service does not know erasures: it is of an older release.");
        }
    }

    /// <summary>Ends the business's connection and removes all of its texts, also where there is no connection.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task ForgetBusinessAsync(long businessId, CancellationToken cancellationToken)
    {
        await LogOutAsync(businessId, cancellationToken);
        using var response = await SendAsync(HttpMethod.Delete, $"{Session(businessId)}/refused", cancellationToken);
    }

    /// <summary>Has a message sent to the customer.</summary>
    public async Task<DeliveryResult> DeliverAsync(long businessId, OutboundMessage message, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.PostAsJsonAsync(
                new Uri($"{Session(businessId)}/messages", UriKind.Relative), message, cancellationToken);
            return response.StatusCode switch
            {
                _ when response.IsSuccessStatusCode => DeliveryResult.Accepted,
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.RequestTimeout
                    or HttpStatusCode.Conflict or HttpStatusCode.TooManyRequests => DeliveryResult.Later,
                >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError => DeliveryResult.Refused,
                _ => DeliveryResult.Later,
            };
        }
        catch (Exception failure) when (IsUnreachable(failure, cancellationToken))
        {
            return DeliveryResult.Later;
        }
    }

    private static string Session(long businessId) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"sessions/{businessId}");

    private static bool IsUnreachable(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task<ServiceSession?> AskAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(method, path, cancellationToken);
        return response.StatusCode is HttpStatusCode.NotFound
            ? null
            : await response.Content.ReadFromJsonAsync<ServiceSession>(cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, CancellationToken cancellationToken, HttpContent? content = null)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
            var response = await http.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode || response.StatusCode is HttpStatusCode.NotFound)
            {
                return response;
            }

            response.Dispose();
            throw new WhatsAppServiceException($"The WhatsApp service answered {(int)response.StatusCode}.");
        }
        catch (Exception failure) when (IsUnreachable(failure, cancellationToken))
        {
            throw new WhatsAppServiceException("The WhatsApp service does not answer.", failure);
        }
    }
}
