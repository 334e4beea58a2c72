using System.Globalization;
using ProSaas.Api.Requests;
using ProSaas.Api.Speech.Synthesis;
using ProSaas.Api.Speech.Text;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Speech;

/// <summary>What is to be spoken; either <paramref name="Text"/> or <paramref name="Ssml"/>.</summary>
/// <param name="Text">Plain text; at most <c>Speech:MaxCharacters</c> (10,000) characters.</param>
/// <param name="Ssml">A document of the Speech Synthesis Markup Language, its root <c>speak</c>; at most 5,000 bytes.</param>
/// <param name="Voice">A voice of <c>GET /api/speech/voices</c>; left out, the business's own, else the provider's default for the language.</param>
/// <param name="Language">BCP 47 tag, where no voice is named; the business's own when it is left out.</param>
/// <param name="Rate">0.25 to 4.0, 1.0 being the voice's own speed; the business's own when it is left out.</param>
/// <param name="Format"><c>mp3</c>, <c>ogg_opus</c>, <c>wav</c> or <c>mulaw8k</c>; <c>mp3</c> when it is left out.</param>
internal sealed record SpeechRequest(string? Text, string? Ssml, string? Voice, string? Language, double? Rate, string? Format)
{
    private const int MaxName = 100;

    /// <summary>What is wrong with it; otherwise the request, with nothing of the business in it yet.</summary>
    public FieldErrors Read(long businessId, int maxCharacters, out SynthesisRequest request)
    {
        var errors = new FieldErrors();
        var isSsml = Ssml is not null;
        var content = isSsml ? ReadSsml(errors) : errors.Required("text", Text, maxCharacters);
        var segments = isSsml ? [content] : TextSegmenter.Split(content);
        if (isSsml && Text is not null)
        {
            errors.Add("ssml", "Send text or ssml, not both.");
        }

        if (segments is null)
        {
            errors.Add("text", string.Create(CultureInfo.InvariantCulture, $"One of its characters, with its combining marks, has more than {TextSegmenter.MaxBytes} bytes."));
        }

        // NaN is in no range.
        if (Rate is { } rate && rate is not (>= Business.MinSpeakingRate and <= Business.MaxSpeakingRate))
        {
            errors.Add("rate", string.Create(CultureInfo.InvariantCulture, $"It is {rate}; allowed is {Business.MinSpeakingRate} to {Business.MaxSpeakingRate:0.0}."));
        }

        var format = Format is null ? SpeechFormat.Mp3 : SpeechFormats.TryFromWord(Format);
        if (format is null)
        {
            errors.Add("format", $"It is {SpeechFormats.Allowed}.");
        }

        request = new(
            businessId, content, segments ?? [], isSsml, format ?? SpeechFormat.Mp3, Rate ?? 1, errors.Optional("voice", Voice, MaxName), PreferredVoice: null, errors.Optional("language", Language, MaxName) ?? "");
        return errors;
    }

    private string ReadSsml(FieldErrors errors)
    {
        var content = errors.Required("ssml", Ssml, TextSegmenter.MaxBytes);
        if (content.Length > 0 && SsmlValidator.Validate(content) is { } problem)
        {
            errors.Add("ssml", problem);
        }

        return content;
    }
}

/// <summary>The voices there are.</summary>
/// <param name="Provider">Who has them: <c>google</c> or <c>espeak</c>.</param>
internal sealed record VoicesResponse(string Provider, IReadOnlyList<VoiceResponse> Voices);

/// <summary>A voice.</summary>
/// <param name="Name">What to send as <c>voice</c>.</param>
/// <param name="Languages">BCP 47 tags that it speaks.</param>
/// <param name="Gender"><c>female</c>, <c>male</c> or <c>neutral</c>; null when it is not known.</param>
internal sealed record VoiceResponse(string Name, IReadOnlyList<string> Languages, string? Gender);
