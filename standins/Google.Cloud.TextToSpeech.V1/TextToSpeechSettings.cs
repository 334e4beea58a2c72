using Google.Api.Gax.Grpc;

namespace Google.Cloud.TextToSpeech.V1;

/// <summary>The settings of each kind of call.</summary>
public sealed class TextToSpeechSettings
{
    /// <summary>Of <see cref="TextToSpeechClient.ListVoicesAsync"/>.</summary>
    public CallSettings? ListVoicesSettings { get; set; }

    /// <summary>Of <see cref="TextToSpeechClient.SynthesizeSpeechAsync"/>.</summary>
    public CallSettings? SynthesizeSpeechSettings { get; set; }
}
