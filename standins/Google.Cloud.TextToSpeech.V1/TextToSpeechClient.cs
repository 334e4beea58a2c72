using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Grpc.Core;

namespace Google.Cloud.TextToSpeech.V1;

/// <summary>A client of the Text-to-Speech API, made by <see cref="TextToSpeechClientBuilder"/>; safe for many threads.</summary>
public sealed class TextToSpeechClient
{
    private readonly TextToSpeech.TextToSpeechClient _calls;
    private readonly TextToSpeechSettings _settings;

    internal TextToSpeechClient(CallInvoker invoker, TextToSpeechSettings settings) => (_calls, _settings) = (new(invoker), settings);

    /// <summary>The scopes that a credential needs.</summary>
    public static IReadOnlyList<string> DefaultScopes { get; } = ["https://www.googleapis.com/auth/cloud-platform"];

    /// <summary>Asks for the voices there are.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    public Task<ListVoicesResponse> ListVoicesAsync(ListVoicesRequest request, CancellationToken cancellationToken) =>
        _calls.ListVoicesAsync(request, Options(_settings.ListVoicesSettings, cancellationToken)).ResponseAsync;

    /// <summary>Asks for audio.</summary>
    /// <exception cref="RpcException">The call failed.</exception>
    public Task<SynthesizeSpeechResponse> SynthesizeSpeechAsync(SynthesizeSpeechRequest request, CancellationToken cancellationToken) =>
        _calls.SynthesizeSpeechAsync(request, Options(_settings.SynthesizeSpeechSettings, cancellationToken)).ResponseAsync;

    private static CallOptions Options(CallSettings? settings, CancellationToken cancellationToken) =>
        new(deadline: settings?.Expiration.CalculateDeadline(SystemClock.Instance), cancellationToken: cancellationToken);
}
