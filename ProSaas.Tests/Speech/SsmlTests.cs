using ProSaas.Api.Speech.Providers;
using ProSaas.Api.Speech.Text;

namespace ProSaas.Tests.Speech;

public sealed class SsmlTests
{
    [Theory]
    [InlineData("<speak>Hello</speak>")]
    [InlineData(
        "<?xml version=\"1.0\"?><speak version=\"1.1\" xmlns=\"http://www.w3.org/2001/10/synthesis\" xml:lang=\"he-IL\">שלום <break time=\"1s\"/></speak>")]
    [InlineData("<speak><say-as interpret-as=\"digits\">12</say-as></speak>")]
    public void Document_is_taken(string ssml) => SsmlValidator.Validate(ssml).ShouldBeNull();

    [Theory]
    [InlineData("Hello", "not well-formed XML")]
    [InlineData("<speak>Hello", "not well-formed XML")]
    [InlineData("<speak>Hello</speak><speak/>", "not well-formed XML")]
    [InlineData("<p>Hello</p>", "not <speak>")]
    [InlineData("<speak xmlns=\"urn:other\">Hello</speak>", "not <speak>")]
    [InlineData("<speak> <break time=\"1s\"/> </speak>", "says nothing")]
    [InlineData("<speak>&unknown;</speak>", "not well-formed XML")]
    [InlineData("<!DOCTYPE speak [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><speak>&b;</speak>", "has a DTD")]
    [InlineData("<!DOCTYPE speak SYSTEM \"file:///etc/passwd\"><speak>x</speak>", "has a DTD")]
    public void Document_that_is_none_is_told_without_its_text(string ssml, string expected)
    {
        var problem = SsmlValidator.Validate(ssml).ShouldNotBeNull();

        problem.ShouldContain(expected);
        problem.ShouldNotContain("passwd");
    }

    [Theory]
    [InlineData("<break time=\"11s\"/>", "10 s at most")]
    [InlineData("<break time=\"3600000ms\"/>", "10 s at most")]
    [InlineData("<break time=\"1e9s\"/>", "10 s at most")]
    [InlineData("<break time=\"-1s\"/>", "10 s at most")]
    [InlineData("<break time=\"NaNs\"/>", "10 s at most")]
    [InlineData("<break time=\"long\"/>", "10 s at most")]
    [InlineData("<x:break xmlns:x=\"urn:x\" x:time=\"11s\"/>", "10 s at most")]
    [InlineData("<media begin=\"999s\"><speak>x</speak></media>", "10 s at most")]
    [InlineData("<media repeatCount=\"1000\"><speak>x</speak></media>", "repeatCount")]
    public void Pause_that_is_too_long_is_told(string pause, string expected) =>
        SsmlValidator.Validate($"<speak>Hi{pause}</speak>").ShouldNotBeNull().ShouldContain(expected);

    [Fact]
    public void Pauses_are_bounded_together()
    {
        SsmlValidator.Validate($"<speak>Hi{Pauses(6)}</speak>").ShouldBeNull();
        SsmlValidator.Validate($"<speak>Hi{Pauses(7)}</speak>").ShouldNotBeNull().ShouldContain("at most 60 s");
        SsmlValidator.Pauses($"<speak>Hi{Pauses(2)}<break time=\"500ms\"/></speak>").ShouldBe(20.5);

        static string Pauses(int count) => string.Concat(Enumerable.Repeat("<break time=\"10s\"/>", count));
    }

    [Fact]
    public void Document_that_is_too_long_is_told() =>
        SsmlValidator.Validate($"<speak>{new string('ש', 2_500)}</speak>").ShouldNotBeNull().ShouldContain("5015 bytes");

    [Theory]
    [InlineData("<speak>Hi <audio src=\"x; id\">there <b>you</b></audio> all</speak>", "<speak>Hi there you all</speak>")]
    [InlineData("<speak><audio src=\"/etc/passwd\"/>Hi</speak>", "<speak>Hi</speak>")]
    [InlineData("<speak><voice name=\"../../x\">Hi</voice></speak>", "<speak>Hi</speak>")]
    [InlineData("<speak><prosody rate=\"slow\" onclick=\"x\">Hi</prosody><break time=\"1s\"/></speak>",
        "<speak><prosody rate=\"slow\">Hi</prosody><break time=\"1s\" /></speak>")]
    [InlineData("<speak xml:lang=\"en-US\"><s xml:lang=\"../x\">[[h@l'oU]]</s></speak>",
        "<speak xml:lang=\"en-US\"><s>[ [h@l'oU]]</s></speak>")]
    [InlineData("<speak>a &lt; b &amp; c<!-- no --><?no no?></speak>", "<speak>a &lt; b &amp; c</speak>")]
    public void Local_voice_sees_only_what_does_no_harm(string ssml, string expected) => EspeakInput.FromSsml(ssml).ShouldBe(expected);
}
