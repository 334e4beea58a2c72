using System.Net;

namespace ProSaas.Bench.SchemaGate;

/// <summary>Asks one path again and again, one request at a time over one connection.</summary>
internal sealed class Probe(int port, string path) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly Uri _address = new($"http://127.0.0.1:{port}{path}");

    public async Task UntilAsync(HttpStatusCode status, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (await AskAsync(deadline.Token) != status)
        {
            // Asking without a pause would take the processor from whom it waits for.
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, deadline.Token);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpStatusCode?> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(_address, cancellationToken);
            return response.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Nobody listens yet, or has no time to answer.
            return null;
        }
    }
}
