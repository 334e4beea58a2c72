
namespace ProSaas.Tests.Http;

/// <summary>Bodies that cannot be read, at an endpoint without login and so at any.</summary>
public sealed class BadRequestTests(PostgresFixture postgres, ApiFixture fixture)
{
    [Theory]
    [InlineData("""{"email":"a@example.com","pasword":"x"}""", "$.pasword")]
    [InlineData("""{"email":7}""", "$.email")]
    [InlineData("""{"email":"a@example.com","email":"b@example.com"}""", "$.email")]
    [InlineData("""{"email":"\ud800"}""", "$.email")]
    [InlineData("""{"email":"a""", "It is not valid JSON")]
    [InlineData("[]", "It is not a JSON object")]
    [InlineData("null", "A part of it is missing", "malformed-request")]
    [InlineData("", "A part of it is missing", "malformed-request")]
    public async Task Body_that_is_not_what_the_endpoint_takes_is_told_where(string body, string detail, string problem = "malformed-json")
    {
        var answer = await PostAsync(() => new StringContent(body, Encoding.UTF8, "application/json"));

        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.BadRequest, problem));
        answer.Json.GetProperty("detail").GetString().ShouldStartWith(detail);
        answer.Text.ShouldNotContain("ProSaas.");
        answer.Text.ShouldNotContain("System.");
    }

    [Theory]
    [InlineData("/api/businesses?search=%00", "search")]
    [InlineData("/api/businesses/1/contacts?customer=a%00", "customer")]
    [InlineData("/api/businesses/1/conversations?channel=%07", "channel")]
    [InlineData("/api/speech/voices?language=%c2%85", "language")]
    public async Task Query_with_characters_that_nobody_means_is_refused(string path, string parameter)
    {
        using var client = (await fixture.GetAsync(postgres)).CreateClient();

        var answer = await client.GetAsync(path);

        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.BadRequest, "validation"));
        answer.ErrorNames.ShouldBe([parameter]);
    }

    [Fact]
    public async Task Reason_of_a_refusal_is_told_whatever_the_request_accepts()
    {
        using var client = (await fixture.GetAsync(postgres)).CreateClient();

        var answer = await client.SendAsync(HttpMethod.Get, "/api/nothing", body: null, ("Accept", "text/event-stream"));

        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.NotFound, "no-such-path"));
        answer.Json.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Body_of_another_media_type_is_refused()
    {
        var answer = await PostAsync(() => new StringContent("email=a", Encoding.UTF8, "application/x-www-form-urlencoded"));

        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.UnsupportedMediaType, "not-json"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Huge_body_is_refused_with_or_without_its_length(bool chunked)
    {
        var answer = await PostAsync(() =>
        {
            var body = new StringContent($$"""{"email":"{{new string('a', 600 * 1024)}}"}""", Encoding.UTF8, "application/json");
            return chunked ? new ChunkedContent(body) : body;
        });

        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.RequestEntityTooLarge, "body-too-large"));
    }

    /// <summary>Posts again when a busy machine's API is late at the database.</summary>
    private async Task<ApiAnswer> PostAsync(Func<HttpContent> makeBody)
    {
        var api = await fixture.GetAsync(postgres);
        ApiAnswer? answer = null;
        await Eventually.TrueAsync(
            async () =>
            {
                using var body = makeBody();
                using var response = await api.Service.Http.PostAsync(
                    new Uri("/api/auth/login", UriKind.Relative), body, TestContext.Current.CancellationToken);
                answer = await ApiAnswer.ReadAsync(response);
                return answer.Problem is not "database-unavailable";
            },
            "the database answers");
        return answer!;
    }

    private sealed class ChunkedContent : HttpContent
    {
        private readonly HttpContent _inner;

        public ChunkedContent(HttpContent inner)
        {
            _inner = inner;
            Headers.ContentType = inner.Headers.ContentType;
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _inner.CopyToAsync(stream, context);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
