using System.Net.Http.Json;

namespace ProSaas.Tests.Speech;

/// <summary>An answer with its bytes.</summary>
internal sealed record SpeechAnswer(HttpStatusCode Status, string? ContentType, string? Tag, byte[] Bytes, HttpResponseMessage Response)
{
    public static async Task<SpeechAnswer> AskAsync(
        ApiClient client, string path, object body, (string Name, string Value)? header = null)
    {
        SpeechAnswer? answer = null;
        await Eventually.TrueAsync(
            async () =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative));
                request.Content = JsonContent.Create(body);
                if (header is { } more)
                {
                    request.Headers.TryAddWithoutValidation(more.Name, more.Value);
                }

                using var response = await client.SendAsync(request);
                answer = new(
                    response.StatusCode,
                    response.Content.Headers.ContentType?.ToString(),
                    response.Headers.ETag?.Tag,
                    await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken),
                    response);

                // A machine under load checks the database late.
                return !answer.Text.Contains("problem:database-unavailable", StringComparison.Ordinal);
            },
            $"{path} is not refused");
        return answer!;
    }

    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    public string? Header(string name) =>
        Response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
