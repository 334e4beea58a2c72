using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ProSaas.Api.Health;

/// <summary>
/// Asks a running service for its health from inside its container, whose image has no curl: <c>dotnet ProSaas.Api.dll --probe URL</c>.
/// It reads no settings, so that it answers whatever state those are in.
/// </summary>
internal static class Probe
{
    private const string Option = "--probe";
    private const int UsageExitCode = 64;
    private const int LargestAnswer = 1024 * 1024;

    // Below the 3 s that orchestrators give a health check, so that its own line is the one that is seen.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2.5);

    private static readonly JsonSerializerOptions Readable =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static bool IsAskedFor(string[] args) => args is [Option, ..];

    /// <summary>One GET, whose answer goes to standard output.</summary>
    /// <returns>0 if the answer is a success; 1 if not, with the cause on standard error; 64 without an address to ask.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        if (args is not [Option, var text]
            || !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return await FailAsync(
                UsageExitCode, $"{Option} takes one http:// or https:// address, for instance: {Option} http://127.0.0.1:8080/api/health");
        }

        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        using var client = new HttpClient(handler) { Timeout = Limit, MaxResponseContentBufferSize = LargestAnswer };
        try
        {
            using var response = await client.GetAsync(address);
            await Console.Out.WriteLineAsync(Indent(await response.Content.ReadAsStringAsync()));
            return response.IsSuccessStatusCode ? 0 : await FailAsync(1, $"{address} answered {(int)response.StatusCode}.");
        }
        catch (HttpRequestException exception)
        {
            return await FailAsync(1, $"{address} did not answer: {exception.GetBaseException().Message.ReplaceLineEndings(" ")}");
        }
        catch (TaskCanceledException)
        {
            return await FailAsync(1, FormattableString.Invariant($"{address} did not answer within {Limit.TotalSeconds} s."));
        }
    }

    private static string Indent(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return JsonSerializer.Serialize(document, Readable);
        }
        catch (JsonException)
        {
            return body;
        }
    }

    private static async Task<int> FailAsync(int exitCode, string cause)
    {
        await Console.Error.WriteLineAsync(cause);
        return exitCode;
    }
}
