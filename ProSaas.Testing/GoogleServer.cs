using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Cloud.TextToSpeech.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ProSaas.Testing;

/// <summary>Speaks Google's protocol over TLS, as well or badly as a test wants. Its audio is a tone, longer with more text.</summary>
public sealed class GoogleServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<SynthesizeSpeechRequest> _requests = new();
    private readonly ConcurrentQueue<string> _tokens = new();
    private readonly ConcurrentQueue<Func<ServerCallContext, Task>> _next = new();
    private GoogleHost? _host;
    private int _leavers;

    private GoogleServer()
    {
    }

    /// <summary>How long the last call with a text took here, in milliseconds.</summary>
    public ConcurrentDictionary<string, double> Milliseconds { get; } = new(StringComparer.Ordinal);

    /// <summary>The bytes of a WAV file's samples; null for some seconds, more with more text.</summary>
    public int? SampleBytes { get; init; }

    /// <summary>What it was asked to speak, the warmup left out.</summary>
    public IReadOnlyList<SynthesizeSpeechRequest> Requests => [.. _requests.Where(request => !IsWarmup(request))];

    public int Warmups => _requests.Count(IsWarmup);

    public IReadOnlyList<string> Tokens => [.. _tokens];

    /// <summary>Calls whose client went before they were answered.</summary>
    public int Leavers => _leavers;

    /// <summary>What it does with every call; null answers it.</summary>
    public Func<ServerCallContext, Task>? Always { get; set; }

    /// <summary>The settings that make an API use this server, and trust its certificate.</summary>
    public (string Name, string Value)[] Environment => _host!.Environment;

    public static async Task<GoogleServer> StartAsync(int? sampleBytes = null)
    {
        var server = new GoogleServer { SampleBytes = sampleBytes };
        server._host = await GoogleHost.StartAsync(new Calls(server), TestRun.CancellationToken);
        return server;
    }

    /// <summary>What it does with the next calls, one each.</summary>
    public GoogleServer Next(params Func<ServerCallContext, Task>[] behaviours)
    {
        foreach (var behaviour in behaviours)
        {
            _next.Enqueue(behaviour);
        }

        return this;
    }

    public static Func<ServerCallContext, Task> Fails(StatusCode status) => _ => throw new RpcException(new Status(status, "secret words of the provider"));

    public static Func<ServerCallContext, Task> Takes(TimeSpan delay) => context => Task.Delay(delay, context.CancellationToken);

    /// <summary>Takes more time for the first call of a connection.</summary>
    public static Func<ServerCallContext, Task> Takes(TimeSpan delay, TimeSpan cold)
    {
        var connections = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        return context => Task.Delay(
            connections.TryAdd(context.GetHttpContext().Connection.Id, value: true) ? delay + cold : delay, context.CancellationToken);
    }

    public static Task Hangs(ServerCallContext context) => Task.Delay(Timeout.Infinite, context.CancellationToken);

    /// <summary>Forgets what it was asked and told, for the next test.</summary>
    public void Forget()
    {
        _requests.Clear();
        _tokens.Clear();
        _next.Clear();
        _leavers = 0;
        Always = null;
    }

    public ValueTask DisposeAsync() => _host!.DisposeAsync();

    private static bool IsWarmup(SynthesizeSpeechRequest request) => request.Input.Text == "a";

    private sealed class Calls(GoogleServer server) : TextToSpeech.TextToSpeechBase
    {
        private const int Rate = 24_000;

        public override Task<ListVoicesResponse> ListVoices(ListVoicesRequest request, ServerCallContext context) => Task.FromResult(new ListVoicesResponse
        {
            Voices =
            {
                new Voice { Name = "en-GB-Wavenet-B", LanguageCodes = { "en-GB" }, SsmlGender = SsmlVoiceGender.Male },
                new Voice { Name = "en-US-Wavenet-D", LanguageCodes = { "en-US" }, SsmlGender = SsmlVoiceGender.Male },
                new Voice { Name = "he-IL-Wavenet-A", LanguageCodes = { "he-IL" }, SsmlGender = SsmlVoiceGender.Female },
            },
        });

        public override async Task<SynthesizeSpeechResponse> SynthesizeSpeech(SynthesizeSpeechRequest request, ServerCallContext context)
        {
            var started = Stopwatch.GetTimestamp();
            server._requests.Enqueue(request);
            server._tokens.Enqueue(context.RequestHeaders.GetValue("authorization") ?? "");
            try
            {
                await ((server._next.TryDequeue(out var next) ? next : server.Always)?.Invoke(context) ?? Task.CompletedTask);
            }
            catch (OperationCanceledException)
            {
                Interlocked.Increment(ref server._leavers);
                throw;
            }

            var response = new SynthesizeSpeechResponse { AudioContent = ByteString.CopyFrom(Audio(request)) };
            server.Milliseconds[request.Input.Text] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            return response;
        }

        private byte[] Audio(SynthesizeSpeechRequest request)
        {
            var seconds = 1 + (request.Input.Text.Length / 100);
            return request.AudioConfig.AudioEncoding switch
            {
                AudioEncoding.Linear16 when server.SampleBytes is { } count => WaveFile.Of(new byte[count], Rate),
                AudioEncoding.Linear16 => WaveFile.Of(WaveFile.Tone(440, Rate, seconds), Rate),
                AudioEncoding.Mulaw => WaveFile.Of([.. Enumerable.Repeat((byte)0x55, request.AudioConfig.SampleRateHertz)], request.AudioConfig.SampleRateHertz),
                _ => System.Text.Encoding.UTF8.GetBytes($"{request.AudioConfig.AudioEncoding} of {request.Input}"),
            };
        }
    }
}
