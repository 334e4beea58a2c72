using System.Net.Http.Json;
using Google.Cloud.TextToSpeech.V1;
using Grpc.Core;

namespace ProSaas.Tests.Speech;

/// <summary>A real API in front of a server that speaks Google's protocol over TLS.</summary>
public sealed class GoogleSpeechTests(PostgresFixture postgres, GoogleFixture fixture) : IClassFixture<GoogleFixture>
{
    private const string Path = "/api/businesses/1/speech";

    [Fact]
    public async Task Text_is_spoken_with_the_businesss_voice_and_a_token_of_the_credentials()
    {
        AudioTools.Need();
        var (client, google) = await BeginAsync();

        var answer = await SpeakAsync(client, new { text = "שלום", rate = 1.25, format = "wav" });

        answer.Status.ShouldBe(HttpStatusCode.OK);
        answer.Header("X-Speech-Provider").ShouldBe("google");
        answer.Header("X-Speech-Fallback").ShouldBeNull();
        var asked = google.Requests.ShouldHaveSingleItem();
        (asked.Input.Text, asked.Voice.Name, asked.Voice.LanguageCode).ShouldBe(("שלום", "he-IL-Wavenet-A", "he-IL"));
        (asked.AudioConfig.AudioEncoding, asked.AudioConfig.SpeakingRate).ShouldBe((AudioEncoding.Linear16, 1.25));
        google.Tokens[0].ShouldStartWith("Bearer ey");
        var heard = await AudioTools.DecodeAsync(answer.Bytes);
        heard.Seconds.ShouldBe(1, 0.01);
        heard.Loudness.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public async Task Telephone_audio_comes_without_googles_header()
    {
        var (client, _) = await BeginAsync();

        (await SpeakAsync(client, new { text = "Hello", format = "mulaw8k" })).Bytes.ShouldBe(Enumerable.Repeat((byte)0x55, 8_000));
    }

    [Fact]
    public async Task Ssml_is_sent_as_it_is_and_another_language_has_googles_own_voice()
    {
        var (client, google) = await BeginAsync();
        const string Document = "<speak>Hi <audio src=\"https://example.com/a.mp3\">there</audio></speak>";

        await SpeakAsync(client, new { ssml = Document, language = "en-US" });

        var asked = google.Requests.ShouldHaveSingleItem();
        (asked.Input.Ssml, asked.Voice.Name, asked.Voice.LanguageCode).ShouldBe((Document, "", "en-US"));
    }

    [Fact]
    public async Task Long_text_is_asked_for_in_segments_that_google_takes()
    {
        var (client, google) = await BeginAsync();
        var text = string.Concat(Enumerable.Repeat("משפט אחד בעברית שחוזר על עצמו. ", 150)).Trim();

        (await SpeakAsync(client, new { text })).Status.ShouldBe(HttpStatusCode.OK);

        google.Requests.Count.ShouldBe(2);
        google.Requests.ShouldAllBe(request => System.Text.Encoding.UTF8.GetByteCount(request.Input.Text) <= 5_000);
        string.Concat(google.Requests.Select(request => request.Input.Text)).ShouldBe(text);
    }

    [Fact]
    public async Task Requests_at_once_for_the_same_are_one_call()
    {
        var (client, google) = await BeginAsync();
        google.Next(GoogleServer.Takes(TimeSpan.FromMilliseconds(500)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => SpeakAsync(client, new { text = "At once" })));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK);
        google.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Unavailable_is_tried_again()
    {
        var (client, google) = await BeginAsync();
        google.Next(GoogleServer.Fails(StatusCode.Unavailable), GoogleServer.Fails(StatusCode.Unavailable));

        (await SpeakAsync(client, new { text = "Tried again" })).Status.ShouldBe(HttpStatusCode.OK);
        google.Requests.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(StatusCode.ResourceExhausted, HttpStatusCode.ServiceUnavailable, "speech-unavailable", "resource_exhausted")]
    [InlineData(StatusCode.InvalidArgument, HttpStatusCode.UnprocessableEntity, "speech-refused", "invalid_argument")]
    public async Task Refusal_of_google_is_not_tried_again_and_costs_the_business_nothing(
        StatusCode code, HttpStatusCode status, string problem, string reason)
    {
        var (client, google) = await BeginAsync();
        var before = await SpentAsync();
        google.Next(GoogleServer.Fails(code));

        var answer = await client.PostAsync(Path, new { ssml = "<speak><p>odd</p></speak>" });

        (answer.Status, answer.Problem).ShouldBe((status, problem), answer.Text);
        answer.Text.ShouldContain(reason);
        answer.Text.ShouldNotContain("secret words");
        (answer.Headers.RetryAfter is not null).ShouldBe(status is HttpStatusCode.ServiceUnavailable);
        google.Requests.Count.ShouldBe(1);
        await Eventually.TrueAsync(async () => await SpentAsync() == before, "the characters are given back");
    }

    [Fact]
    public async Task Google_that_hangs_is_given_up_in_time_and_its_call_cancelled()
    {
        var (client, google) = await BeginAsync();
        google.Next(GoogleServer.Hangs);

        var answer = await client.PostAsync(Path, new { text = "Silence" });

        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.ServiceUnavailable, "speech-unavailable"), answer.Text);
        answer.Text.ShouldContain("timeout");
        await Eventually.TrueAsync(() => google.Leavers == 1, "the call is cancelled");
        google.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Token_that_google_calls_expired_is_made_anew_once()
    {
        var (client, google) = await BeginAsync();
        google.Next(GoogleServer.Fails(StatusCode.Unauthenticated));

        (await SpeakAsync(client, new { text = "With a new token" })).Status.ShouldBe(HttpStatusCode.OK);
        google.Requests.Count.ShouldBe(2);

        google.Next(GoogleServer.Fails(StatusCode.Unauthenticated), GoogleServer.Fails(StatusCode.Unauthenticated));
        (await client.PostAsync(Path, new { text = "Still not" })).Text.ShouldContain("unauthenticated");
        google.Requests.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("""{}""", "text", "required")]
    [InlineData("""{"text":"  "}""", "text", "required")]
    [InlineData("""{"text":"a\u0007b"}""", "text", "control character")]
    [InlineData("""{"text":"LONG"}""", "text", "at most 10000")]
    [InlineData("""{"ssml":""}""", "ssml", "required")]
    [InlineData("""{"text":"a","ssml":"<speak>a</speak>"}""", "ssml", "not both")]
    [InlineData("""{"ssml":"<speak>a"}""", "ssml", "not well-formed XML")]
    [InlineData("""{"ssml":"<!DOCTYPE s [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><speak>&x;</speak>"}""", "ssml", "DTD")]
    [InlineData("""{"text":"a","rate":0.24}""", "rate", "allowed is 0.25 to 4.0")]
    [InlineData("""{"text":"a","rate":4.01}""", "rate", "allowed is 0.25 to 4.0")]
    [InlineData("""{"text":"a","format":"flac"}""", "format", "mp3, ogg_opus, wav or mulaw8k")]
    [InlineData("""{"text":"a","voice":"he-IL-Nobody"}""", "voice", "GET /api/speech/voices")]
    [InlineData("""{"text":"a","language":"tlh"}""", "language", "GET /api/speech/voices")]
    public async Task Request_that_is_not_valid_says_which_member_is_wrong_and_costs_no_call(string body, string member, string expected)
    {
        var (client, google) = await BeginAsync();

        var text = body.Replace("LONG", new string('x', 10_001), StringComparison.Ordinal);
        var answer = await client.PostAsync(Path, JsonSerializer.Deserialize<JsonElement>(text));

        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.BadRequest, "validation"), answer.Text);
        answer.Json.GetProperty("errors").GetProperty(member)[0].GetString().ShouldNotBeNull().ShouldContain(expected);
        google.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Client_that_leaves_has_the_call_cancelled()
    {
        var (client, google) = await BeginAsync();
        google.Next(GoogleServer.Hangs);
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Path, UriKind.Relative));
        request.Content = JsonContent.Create(new { text = "Never mind" });
        var asking = client.SendAsync(request, leave.Token);
        await Eventually.TrueAsync(() => google.Requests.Count == 1, "Google is asked");

        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asking);
        await Eventually.TrueAsync(() => google.Leavers == 1, "the call is cancelled", seconds: 2);
    }

    [Fact]
    public async Task Start_makes_one_tiny_call_beside_the_gate_and_its_span_is_exported()
    {
        await using var google = await GoogleServer.StartAsync();
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, [.. google.Environment, .. receiver.Environment]);
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member")]));

        await Eventually.TrueAsync(
            async () => (await PhaseAsync(client)).GetProperty("state").GetString() is "succeeded", "the warmup is done");
        google.Warmups.ShouldBe(1);
        await SpeakAsync(client, new { text = "Hello" });

        await Eventually.TrueAsync(() => receiver.Has("startup.tts_warmup"), "the warmup's span is exported");
        await Eventually.TrueAsync(
            () => receiver.Has("synthesize_speech") && receiver.Has("prosaas.speech.bytes"), "the synthesis' span is exported");
        await Eventually.TrueAsync(() => receiver.Has("prosaas.speech.characters"), "the characters are measured", seconds: 90);
    }

    [Fact]
    public async Task Disabled_warmup_says_its_line_and_calls_nobody()
    {
        await using var google = await GoogleServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, [.. google.Environment, ("DISABLE_TTS_WARMUP", "true")]);

        await api.Service.UntilLineAsync("⚠️ TTS warmup disabled by DISABLE_TTS_WARMUP environment variable");
        google.Warmups.ShouldBe(0);
    }

    [Fact]
    public async Task Local_voice_speaks_where_it_is_allowed_and_google_again_when_it_can()
    {
        AudioTools.Need();
        await using var google = await GoogleServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, [.. google.Environment, ("Speech__AllowLocalFallback", "true")]);
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member")]));
        await SpeakAsync(client, new { text = "First" });
        google.Next(GoogleServer.Fails(StatusCode.ResourceExhausted));

        var body = new { text = "Spoken here", voice = "en-US-Wavenet-D", language = "en-US", format = "wav" };
        var local = await SpeakAsync(client, body);
        var again = await SpeakAsync(client, body);

        local.Status.ShouldBe(HttpStatusCode.OK);
        (local.Header("X-Speech-Provider"), local.Header("X-Speech-Fallback")).ShouldBe(("espeak", "resource_exhausted"));
        (await AudioTools.DecodeAsync(local.Bytes)).Loudness.ShouldBeGreaterThan(300);
        (again.Header("X-Speech-Provider"), again.Header("X-Speech-Fallback")).ShouldBe(("google", null));
        again.Tag.ShouldNotBe(local.Tag);
        await api.Service.UntilLineAsync("The local voice spoke in place of google: resource_exhausted");
    }

    private async Task<(ApiClient Client, GoogleServer Google)> BeginAsync() => await fixture.BeginAsync(postgres);

    private Task<long> SpentAsync() =>
        Database.ScalarAsync<long>(fixture.Api.Database.Owner, "SELECT coalesce(sum(characters), 0)::bigint FROM speech_usage");

    private static async Task<JsonElement> PhaseAsync(ApiClient client) =>
        (await client.GetAsync("/api/startup")).Json.GetProperty("phases").EnumerateArray()
            .Single(phase => phase.GetProperty("name").ValueEquals("tts_warmup"));

    private static Task<SpeechAnswer> SpeakAsync(ApiClient client, object body) => SpeechAnswer.AskAsync(client, Path, body);
}
