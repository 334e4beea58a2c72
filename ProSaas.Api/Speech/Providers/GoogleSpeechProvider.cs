using System.Text.Json;
using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Cloud.TextToSpeech.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;
using ProSaas.Api.Speech.Audio;

namespace ProSaas.Api.Speech.Providers;

/// <summary>Google's voices, by gRPC.</summary>
internal sealed class GoogleSpeechProvider : ISpeechProvider
{
    private readonly ILogger<GoogleSpeechProvider> _logger;
    private readonly GoogleTokenProvider _token;
    private readonly Lazy<TextToSpeechClient> _client;

    public GoogleSpeechProvider(SpeechSettings settings, IOptions<SpeechOptions> options, ILogger<GoogleSpeechProvider> logger)
    {
        _logger = logger;
        _token = new GoogleTokenProvider(settings.Credentials!);

        // They replace the client's own, which retry by themselves: what is tried again is decided in one place.
        var calls = CallSettings.FromExpiration(Expiration.FromTimeout(options.Value.AttemptTimeout));
        _client = new(() => new TextToSpeechClientBuilder
        {
            Endpoint = settings.Endpoint,
            TokenAccessMethod = _token.GetAsync,
            Settings = new TextToSpeechSettings { ListVoicesSettings = calls, SynthesizeSpeechSettings = calls },
        }.Build());
    }

    public string Name => SpeechSettings.Google;

    /// <summary>An answer is held in memory as a whole.</summary>
    public int MaxConcurrency => 16;

    public Task WarmUpAsync(CancellationToken cancellationToken) =>
        SynthesizeAsync(new SpeechSegment("a", IsSsml: false, Voice: null, "en-US", Rate: 1, SpeechFormat.Mp3), cancellationToken);

    public async Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken)
    {
        var answer = await CallAsync(client => client.ListVoicesAsync(new ListVoicesRequest(), cancellationToken), cancellationToken);
        return
        [
            .. answer.Voices.Where(voice => voice.LanguageCodes.Count > 0)
                .Select(voice => new SpeechVoice(voice.Name, [.. voice.LanguageCodes], Gender(voice.SsmlGender))),
        ];
    }

    /// <summary>Google has one for each language.</summary>
    public SpeechVoice? DefaultVoice(IReadOnlyList<SpeechVoice> voices, string language) => null;

    public string? MissingFor(SpeechFormat format, double rate) => null;

    public async Task<ReadOnlyMemory<byte>> SynthesizeAsync(SpeechSegment segment, CancellationToken cancellationToken)
    {
        var request = new SynthesizeSpeechRequest
        {
            Input = segment.IsSsml ? new SynthesisInput { Ssml = segment.Content } : new SynthesisInput { Text = segment.Content },
            Voice = new VoiceSelectionParams { LanguageCode = segment.Language, Name = segment.Voice ?? "" },
            AudioConfig = new AudioConfig
            {
                AudioEncoding = Encoding(segment.Format),
                SpeakingRate = segment.Rate,
                SampleRateHertz = segment.Format is SpeechFormat.MuLaw8k ? MuLaw.Rate : 0,
            },
        };
        var answer = await CallAsync(client => client.SynthesizeSpeechAsync(request, cancellationToken), cancellationToken);
        var audio = answer.AudioContent.Memory;

        // Google sends µ-law as a WAV file; telephone lines take the samples alone.
        return segment.Format is SpeechFormat.MuLaw8k && WavFile.IsRiff(audio.Span) ? WavFile.Read(audio).Samples : audio;
    }

    private static AudioEncoding Encoding(SpeechFormat format) => format switch
    {
        SpeechFormat.Mp3 => AudioEncoding.Mp3,
        SpeechFormat.OggOpus => AudioEncoding.OggOpus,
        SpeechFormat.Wav => AudioEncoding.Linear16,
        _ => AudioEncoding.Mulaw,
    };

    private static string? Gender(SsmlVoiceGender gender) =>
        gender is SsmlVoiceGender.Unspecified ? null : gender.ToString().ToLowerInvariant();

    private async Task<T> CallAsync<T>(Func<TextToSpeechClient, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                return await call(_client.Value);
            }
            catch (RpcException refused) when (refused.StatusCode is StatusCode.Unauthenticated)
            {
                Log.CredentialsRefused(_logger);
                _token.Renew();
                return await call(_client.Value);
            }
        }
        catch (RpcException cancelled) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The call was cancelled.", cancelled, cancellationToken);
        }
        catch (RpcException failure)
        {
            throw Failure(failure);
        }
    }

    private static SpeechFailedException Failure(RpcException failure) => new(
        failure.StatusCode is StatusCode.DeadlineExceeded
            ? SpeechFailedException.TimedOut
            : JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.StatusCode.ToString()),
        failure.StatusCode switch
        {
            StatusCode.Unavailable or StatusCode.Internal or StatusCode.Aborted => SpeechFailureKind.Transient,
            StatusCode.InvalidArgument or StatusCode.OutOfRange => SpeechFailureKind.Refused,
            _ => SpeechFailureKind.Lasting,
        },
        failure);
}
