namespace ProSaas.Api.Agents.Providers;

/// <summary>Opens the connection to the provider before the first customer needs it. Costs no tokens, and is never fatal.</summary>
internal sealed class ProviderConnection(
    ProviderSettings settings, ProviderHttp http, TimeProvider time, ILogger<ProviderConnection> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (settings.Address is not { } address)
        {
            return;
        }

        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // Whatever it answers, the connection stands; with the key, so that the provider does not count it as an intruder's.
            using var request = new HttpRequestMessage(
                HttpMethod.Get, settings.Name is ProviderSettings.OpenAi ? new Uri($"{address.AbsoluteUri.TrimEnd('/')}/models") : address);
            if (settings.ApiKey is { } key)
            {
                request.Headers.Authorization = new("Bearer", key);
            }

            using var response = await http.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                Log.ProviderRefused(logger, settings.Name, (int)response.StatusCode);
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.ProviderUnreachable(logger, settings.Name, ProviderFailedException.Of(failure).Reason);
        }
    }
}
