using System.Text.Json.Serialization;
using ProSaas.Api.Http;

namespace ProSaas.Api.Speech;

/// <summary>What audio is sent as.</summary>
[JsonConverter(typeof(NamedEnumConverter<SpeechFormat>))]
internal enum SpeechFormat
{
    Mp3,
    OggOpus,

    /// <summary>16 bit, mono, at the rate that the voice has.</summary>
    Wav,

    /// <summary>G.711 µ-law, 8 kHz, mono, without a header: what telephone lines carry.</summary>
    [JsonStringEnumMemberName("mulaw8k")]
    MuLaw8k,
}
