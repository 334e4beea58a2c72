using System.Buffers;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Text;

namespace ProSaas.Api.Agents.Providers;

/// <summary>Answers as the provider would, without leaving the process.</summary>
internal sealed class WarmupProvider : HttpMessageHandler
{
    private const string OllamaAnswer = """
        {"model":"m","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":"Yes."},"done":true,"done_reason":"stop"}
        """;

    private const string Answer = """
        {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[
            {"index":0,"message":{"role":"assistant","content":"Yes."},"finish_reason":"stop"}]}
        """;

    private const string Stream = """
        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Yes."},"finish_reason":null}]}

        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: [DONE]


        """;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var (body, mediaType) = request.RequestUri?.AbsolutePath.EndsWith("/api/chat", StringComparison.Ordinal) is true
            ? (OllamaAnswer, "application/x-ndjson")
            : asked.Contains("\"stream\":true", StringComparison.Ordinal) ? (Stream, "text/event-stream")
            : (Answer, "application/json");

        // Read once from front to back, like what comes over a network.
        var content = new StreamContent(PipeReader.Create(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(body))).AsStream());
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return new HttpResponseMessage { RequestMessage = request, Content = content };
    }
}
