using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace ProSaas.Tests.Fixtures;

/// <summary>
/// Talks to the API as a browser does (cookies, antiforgery header after
/// <see cref="LogInAsync"/>) or with an access token.
/// </summary>
internal sealed class ApiClient : IDisposable
{
    public const string AntiforgeryHeader = "X-CSRF-Token";

    private readonly HttpClient _http;

    public ApiClient(Uri address)
    {
        Cookies = new CookieContainer();
        var handler = new SocketsHttpHandler
        {
            CookieContainer = Cookies,
            AllowAutoRedirect = false,
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
        };
        _http = new HttpClient(handler) { BaseAddress = address };
    }

    public CookieContainer Cookies { get; }

    public HttpRequestHeaders Headers => _http.DefaultRequestHeaders;

    /// <summary>Logs in and sends the antiforgery token with every request from now on.</summary>
    public async Task<ApiAnswer> LogInAsync(string email, string password)
    {
        Headers.Remove(AntiforgeryHeader);
        var answer = await PostAsync("/api/auth/login", new { email, password });
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        Headers.Add(AntiforgeryHeader, answer.Json.GetProperty("antiforgeryToken").GetString());
        return answer;
    }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body);

    /// <summary>
    /// Comes again, as the answer asks, when the API refused before any handler ran: on a machine under load its check of the
    /// database can be late. Tests of that refusal turn it off.
    /// </summary>
    public bool ComesAgain { get; set; } = true;

    public async Task<ApiAnswer> SendAsync(
        HttpMethod method, string path, object? body = null, params (string Name, string Value)[] headers)
    {
        ApiAnswer? answer = null;
        await Eventually.TrueAsync(
            async () =>
            {
                answer = await SendOnceAsync(method, path, body, headers);
                return !ComesAgain || answer.Problem is not ("starting" or "database-unavailable");
            },
            $"{path} is not refused",
            seconds: 60);
        return answer!;
    }

    private async Task<ApiAnswer> SendOnceAsync(HttpMethod method, string path, object? body, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Content = body is null ? null : JsonContent.Create(body);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return await ApiAnswer.ReadAsync(response);
    }

    /// <summary>Sends it once, whatever the answer; for bodies that are no text.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken? cancellationToken = null) =>
        _http.SendAsync(request, cancellationToken ?? TestContext.Current.CancellationToken);

    public void Dispose() => _http.Dispose();
}

/// <summary>An answer, read whole.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, string? MediaType, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The stable name of a problem, without prefix; null when this is none, or an answer to HEAD.</summary>
    public string? Problem => MediaType is "application/problem+json" && Text.Length > 0 && Json.TryGetProperty("type", out var type)
        ? type.GetString()?.Replace("urn:prosaas:problem:", "", StringComparison.Ordinal)
        : null;

    /// <summary>The members that a <c>validation</c> problem names.</summary>
    public IEnumerable<string> ErrorNames => Json.GetProperty("errors").EnumerateObject().Select(error => error.Name);

    /// <summary>A problem but for what differs with every request.</summary>
    public string WithoutTrace =>
        string.Join('\n', Json.EnumerateObject().Where(property => property.Name is not "traceId").Select(property => property.ToString()));

    public IReadOnlyList<string> SetCookies => Headers.TryGetValues("Set-Cookie", out var values) ? [.. values] : [];

    public static async Task<ApiAnswer> ReadAsync(HttpResponseMessage response) => new(
        response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(
            TestContext.Current.CancellationToken));
}
