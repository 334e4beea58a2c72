using Google.Api.Gax;
using Google.Api.Gax.Grpc;
using Google.Cloud.TextToSpeech.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;
using ProSaas.Api.Speech.Audio;

namespace ProSaas.Api.Speech.Providers;

/// <summary>Google's voices, by gRPC.</summary>
internal sealed class GoogleSpeech : ISpeechProvider
{
    private readonly ILogger<GoogleSpeech> _logger;
    private readonly GoogleToken _token;
    private readonly Lazy<TextToSpeechClient> _client;

    public GoogleSpeech(SpeechSettings settings, IOptions<SpeechOptions> options, ILogger<GoogleSpeech> logger)
    {
        _logger = logger;
        _token = new GoogleToken(settings.Credentials!);

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

    public Task WarmUpAsync(CancellationToken cancellationToken)
        => SynthesizeAsync(new SpeechPiece("a", IsSsml: false, Voice: null, "en-US", Rate: 1, SpeechFormat.Mp3), cancellationToken);

    public async Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken)
    {
        var answer = await CallAsync(client => client.ListVoicesAsync(new ListVoicesRequest(), cancellationToken), cancellationToken);
        return [.. answer.Voices.Where(voice => voice.LanguageCodes.Count > 0).Select(voice => new SpeechVoice(voice.Name, [.. voice.LanguageCodes], voice.SsmlGender switch
        {
            SsmlVoiceGender.Female => "female",
            SsmlVoiceGender.Male => "male",
            SsmlVoiceGender.Neutral => "neutral",
            _ => null,
        }))];
    }

    /// <summary>Google has one for each language.</summary>
    public SpeechVoice? DefaultVoice(IReadOnlyList<SpeechVoice> voices, string language) => null;

    public string? MissingFor(SpeechFormat format, double rate) => null;

    public async Task<ReadOnlyMemory<byte>> SynthesizeAsync(SpeechPiece piece, CancellationToken cancellationToken)
    {
        var request = new SynthesizeSpeechRequest
        {
            Input = piece.IsSsml ? new SynthesisInput { Ssml = piece.Content } : new SynthesisInput { Text = piece.Content },
            Voice = new VoiceSelectionParams { LanguageCode = piece.Language, Name = piece.Voice ?? "" },
            AudioConfig = new AudioConfig { AudioEncoding = Encoding(piece.Format), SpeakingRate = piece.Rate, SampleRateHertz = piece.Format is SpeechFormat.MuLaw8k ? MuLaw.Rate : 0 },
        };
        var answer = await CallAsync(client => client.SynthesizeSpeechAsync(request, cancellationToken), cancellationToken);
        return piece.Format is SpeechFormat.MuLaw8k ? WithoutHeader(answer.AudioContent.Memory) : answer.AudioContent.Memory;
    }

    private static AudioEncoding Encoding(SpeechFormat format) => format switch
    {
        SpeechFormat.Mp3 => AudioEncoding.Mp3,
        SpeechFormat.OggOpus => AudioEncoding.OggOpus,
        SpeechFormat.Wav => AudioEncoding.Linear16,
        _ => AudioEncoding.Mulaw,
    };

    /// <summary>Google sends µ-law as a WAV file; telephone lines take the samples alone.</summary>
    private static ReadOnlyMemory<byte> WithoutHeader(ReadOnlyMemory<byte> audio)
    {
        try
        {
            return WavFile.IsRiff(audio.Span) ? WavFile.Read(audio).Samples : audio;
        }
        catch (InvalidDataException malformed)
        {
            throw new SpeechFailedException("malformed_audio", SpeechFailureKind.Lasting, malformed);
        }
    }

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

    private static SpeechFailedException Failure(RpcException failure) => failure.StatusCode switch
    {
        StatusCode.Unavailable => new("unavailable", SpeechFailureKind.Transient, failure),
        StatusCode.Internal => new("internal", SpeechFailureKind.Transient, failure),
        StatusCode.Aborted => new("aborted", SpeechFailureKind.Transient, failure),
        StatusCode.InvalidArgument => new("invalid_argument", SpeechFailureKind.Refused, failure),
        StatusCode.OutOfRange => new("out_of_range", SpeechFailureKind.Refused, failure),
        StatusCode.DeadlineExceeded => new(SpeechFailedException.TimedOut, SpeechFailureKind.Lasting, failure),
        StatusCode.ResourceExhausted => new("resource_exhausted", SpeechFailureKind.Lasting, failure),
        StatusCode.Unauthenticated => new("unauthenticated", SpeechFailureKind.Lasting, failure),
        StatusCode.PermissionDenied => new("permission_denied", SpeechFailureKind.Lasting, failure),
        _ => new(failure.StatusCode.ToString().ToLowerInvariant(), SpeechFailureKind.Lasting, failure),
    };
}
