
namespace ProSaas.Tests.Speech;

/// <summary>A real API with the real local voice; what it says is decoded by another tool.</summary>
public sealed class SpeechEndpointTests(PostgresFixture postgres, ApiFixture fixture)
{
    private const string Path = "/api/businesses/1/speech";
    private const string English = "Hello, you have reached the clinic. We are open until six.";
    private const string Hebrew = "שלום, הגעתם למרפאה. אנחנו פתוחים עד שש.";

    public static TheoryData<string, string, string, string, string> Audio => new()
    {
        { English, "en-US", "wav", "audio/wav", "pcm_s16le" },
        { Hebrew, "he-IL", "wav", "audio/wav", "pcm_s16le" },
        { English, "en-US", "mp3", "audio/mpeg", "mp3" },
        { Hebrew, "he-IL", "ogg_opus", "audio/ogg; codecs=opus", "opus" },
        { Hebrew, "he-IL", "mulaw8k", "audio/basic", "pcm_mulaw" },
    };

    [Theory]
    [MemberData(nameof(Audio))]
    public async Task Text_becomes_audio_that_another_tool_hears(
        string text, string language, string format, string contentType, string codec)
    {
        using var client = await MemberAsync();

        var answer = await SpeakAsync(client, new { text, language, format });

        answer.ContentType.ShouldBe(contentType);
        answer.Header("X-Speech-Provider").ShouldBe("espeak");
        var heard = await DecodeAsync(answer, format);
        (heard.Codec, heard.Channels, heard.Complaints).ShouldBe((codec, 1, ""));
        heard.Seconds.ShouldBeInRange(2, 10);
        heard.Loudness.ShouldBeGreaterThan(300);
    }

    [Theory]
    [InlineData(0.25, 3.0, 6.0)]
    [InlineData(2.0, 0.3, 0.75)]
    [InlineData(4.0, 0.1, 0.45)]
    public async Task Rate_changes_how_long_it_takes(double rate, double least, double most)
    {
        using var client = await MemberAsync();

        var usual = await HearAsync(client, new { text = English, language = "en-US", rate = 1, format = "wav" });
        var other = await HearAsync(client, new { text = English, language = "en-US", rate, format = "wav" });

        (other.Seconds / usual.Seconds).ShouldBeInRange(least, most);
    }

    [Theory]
    [InlineData("wav")]
    [InlineData("mp3")]
    [InlineData("ogg_opus")]
    [InlineData("mulaw8k")]
    public async Task Text_of_several_segments_is_heard_whole(string format)
    {
        using var client = await MemberAsync();
        var sentence = "This is a sentence that is spoken again and again until nobody wants to hear it any more. ";
        var half = string.Concat(Enumerable.Repeat(sentence, 40));

        var one = await HearAsync(client, new { text = half, language = "en-US", rate = 4, format }, format);
        var two = await HearAsync(client, new { text = half + half, language = "en-US", rate = 4, format }, format);

        (two.Seconds / one.Seconds).ShouldBeInRange(1.97, 2.03);
        two.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Ssml_is_spoken_and_its_pauses_are_heard()
    {
        using var client = await MemberAsync();

        var without = await HearAsync(client, new { ssml = "<speak>Hello there</speak>", language = "en-US", format = "wav" });
        var with = await HearAsync(
            client, new { ssml = "<speak>Hello <break time=\"2s\"/> there</speak>", language = "en-US", format = "wav" });

        (with.Seconds - without.Seconds).ShouldBeInRange(1.5, 2.7);
    }

    [Fact]
    public async Task Ssml_runs_no_program_and_reads_no_file()
    {
        var mark = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"prosaas-mark-{Guid.NewGuid():N}");
        var ssml = $"<speak>Hi <audio src='\"; touch {mark}; \"'>there</audio><audio src='/etc/passwd'>you</audio></speak>";
        using var client = await MemberAsync();

        (await HearAsync(client, new { ssml, language = "en-US", format = "wav" })).Loudness.ShouldBeGreaterThan(300);
        File.Exists(mark).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--path=/etc")]
    [InlineData("$(touch x); `id` | cat & \" ' \\ %n")]
    [InlineData("<b>not</b> &amp; markup")]
    [InlineData("[[not]] phonemes [[")]
    public async Task Text_is_only_text(string text)
    {
        using var client = await MemberAsync();

        (await HearAsync(client, new { text, language = "en-US", format = "wav" })).Loudness.ShouldBeGreaterThan(300);
    }

    [Fact]
    public async Task Content_has_one_tag_and_is_not_sent_again_to_who_has_it()
    {
        using var client = await MemberAsync();
        var text = $"Tagged {Guid.NewGuid():N}";

        var first = await SpeakAsync(client, new { text, format = "wav" });
        var again = await SpeakAsync(client, new { text, format = "wav" });
        var other = await SpeakAsync(client, new { text, format = "mulaw8k" });
        var known = await SpeakAsync(client, new { text, format = "wav" }, ("If-None-Match", $"\"other\", {first.Tag}"));

        again.Bytes.ShouldBe(first.Bytes);
        again.Tag.ShouldBe(first.Tag);
        other.Tag.ShouldNotBe(first.Tag);
        (known.Status, known.Tag, known.Bytes.Length).ShouldBe((HttpStatusCode.NotModified, first.Tag, 0));
        first.Header("Cache-Control").ShouldBe("no-cache, private");
    }

    [Fact]
    public async Task Business_says_voice_and_rate_where_the_request_says_nothing()
    {
        AudioTools.Need();
        await using var api = await TestApi.StartAsync(postgres);
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(2, "member")]));
        await UpdateAsync("language = 'en-GB', voice_name = 'en-gb-scotland', speaking_rate = 1.5");

        var usual = await TagAsync(new { text = English });
        usual.ShouldBe(await TagAsync(new { text = English, voice = "en-gb-scotland", rate = 1.5, format = "mp3" }));
        var hebrew = await TagAsync(new { text = Hebrew, language = "he" });
        hebrew.ShouldBe(await TagAsync(new { text = Hebrew, voice = "he", rate = 1.5 }));

        await UpdateAsync("voice_name = 'en-GB-Wavenet-B'");
        (await TagAsync(new { text = English })).ShouldNotBe(usual, "another provider's voice is no error");

        Task UpdateAsync(string values) => Database.ExecuteAsync(api.Database.Owner, $"UPDATE businesses SET {values} WHERE id = 2");

        async Task<string?> TagAsync(object body)
        {
            var answer = await SpeakAsync(client, body, path: "/api/businesses/2/speech");
            answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
            return answer.Tag;
        }
    }

    [Fact]
    public async Task Voices_are_listed_by_language()
    {
        AudioTools.Need();
        using var client = await MemberAsync();

        var hebrew = await client.GetAsync("/api/speech/voices?language=he-IL");
        var all = await client.GetAsync("/api/speech/voices");

        hebrew.Json.GetProperty("provider").GetString().ShouldBe("espeak");
        hebrew.Json.GetProperty("voices").EnumerateArray().Select(voice => voice.GetProperty("name").GetString()).ShouldBe(["he"]);
        all.Json.GetProperty("voices").EnumerateArray().Select(voice => voice.GetProperty("name").GetString()).ShouldBeUnique();
        all.Json.GetProperty("voices").GetArrayLength().ShouldBeGreaterThan(50);
        (await client.GetAsync("/api/speech/voices?language=tlh")).Json.GetProperty("voices").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("voice", "en-us; rm -rf /")]
    [InlineData("voice", "../../etc/passwd")]
    [InlineData("voice", "-v")]
    [InlineData("voice", "variant")]
    [InlineData("language", "tlh")]
    public async Task Voice_or_language_that_is_not_there_is_told(string member, string value)
    {
        AudioTools.Need();
        using var client = await MemberAsync();

        var answer = await client.PostAsync(Path, new Dictionary<string, string> { ["text"] = "a", [member] = value });

        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.BadRequest, "validation"), answer.Text);
        answer.Json.GetProperty("errors").GetProperty(member)[0].GetString().ShouldNotBeNull().ShouldContain("GET /api/speech/voices");
    }

    [Fact]
    public async Task Without_a_provider_the_setting_is_named()
    {
        await using var api = await TestApi.StartAsync(postgres, ("Speech__Provider", "none"));
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member")]));

        var (spoken, voices) = (await client.PostAsync(Path, new { text = "Hello" }), await client.GetAsync("/api/speech/voices"));
        foreach (var answer in new[] { spoken, voices })
        {
            (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.ServiceUnavailable, "no-speech-provider"));
            answer.Text.ShouldContain("Speech:Provider");
        }

        (await client.PostAsync(Path, new { text = "" })).Problem.ShouldBe("validation");
        (await client.GetAsync("/api/startup")).Text.ShouldContain("no speech provider is configured");
    }

    [Fact]
    public async Task Without_ffmpeg_the_formats_that_need_it_say_so_and_the_others_work()
    {
        AudioTools.Need();
        var folder = Directory.CreateTempSubdirectory("prosaas-path-");
        var folders = Environment.GetEnvironmentVariable("PATH")!.Split(':');
        foreach (var program in (string[])["espeak-ng", "dotnet"])
        {
            var target = folders.Select(path => System.IO.Path.Combine(path, program)).First(File.Exists);
            File.CreateSymbolicLink(System.IO.Path.Combine(folder.FullName, program), target);
        }

        await using var api = await TestApi.StartAsync(postgres, ("PATH", folder.FullName));
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member")]));

        var refused = await client.PostAsync(Path, new { text = "Hello", format = "mp3" });
        (refused.Status, refused.Problem).ShouldBe((HttpStatusCode.ServiceUnavailable, "speech-format-unavailable"));
        refused.Text.ShouldContain("apt-get install ffmpeg");
        (await client.PostAsync(Path, new { text = "Hello", rate = 0.3, format = "wav" })).Problem.ShouldBe("speech-format-unavailable");
        (await SpeakAsync(client, new { text = "Hello", format = "wav" })).Status.ShouldBe(HttpStatusCode.OK);
        (await SpeakAsync(client, new { text = "Hello", format = "mulaw8k" })).Status.ShouldBe(HttpStatusCode.OK);
        folder.Delete(recursive: true);
    }

    private async Task<ApiClient> MemberAsync()
    {
        var api = await fixture.GetAsync(postgres);
        return await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member")]));
    }

    private static async Task<DecodedAudio> HearAsync(ApiClient client, object body, string format = "wav") =>
        await DecodeAsync(await SpeakAsync(client, body), format);

    private static async Task<DecodedAudio> DecodeAsync(SpeechAnswer answer, string format)
    {
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return await AudioTools.DecodeAsync(answer.Bytes, format is "mulaw8k" ? ["-f", "mulaw", "-ar", "8000"] : []);
    }

    private static Task<SpeechAnswer> SpeakAsync(
        ApiClient client, object body, (string Name, string Value)? header = null, string path = Path)
    {
        AudioTools.Need();
        return SpeechAnswer.AskAsync(client, path, body, header);
    }
}
