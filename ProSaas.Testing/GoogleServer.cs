using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Google.Cloud.TextToSpeech.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ProSaas.Testing;

/// <summary>Speaks Google's protocol over TLS, as well or badly as a test wants. Its audio is a tone, longer with more text.</summary>
public sealed class GoogleServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<SynthesizeSpeechRequest> _requests = new();
    private readonly ConcurrentQueue<string> _tokens = new();
    private readonly ConcurrentQueue<Func<ServerCallContext, Task>> _next = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prosaas-google-");
    private WebApplication _app = null!;
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
    public (string Name, string Value)[] Environment =>
    [
        ("Speech__GoogleEndpoint", $"localhost:{new Uri(_app.Address()).Port}"),
        ("GOOGLE_APPLICATION_CREDENTIALS", Path.Combine(_folder.FullName, "credentials.json")),
        ("SSL_CERT_FILE", Path.Combine(_folder.FullName, "server.pem")),
    ];

    public static async Task<GoogleServer> StartAsync(int? sampleBytes = null)
    {
        var server = new GoogleServer { SampleBytes = sampleBytes };
        await server.ListenAsync();
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

    public static Func<ServerCallContext, Task> Fails(StatusCode status) =>
        _ => throw new RpcException(new Status(status, "secret words of the provider"));

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

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>With a certificate and credentials that an API can be told to trust and use.</summary>
    private async Task ListenAsync()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var today = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(today.AddDays(-1), today.AddDays(1));
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "server.pem"), certificate.ExportCertificatePem(), TestRun.CancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(_folder.FullName, "credentials.json"),
            JsonSerializer.Serialize(new
            {
                type = "service_account",
                project_id = "tests",
                private_key_id = "1",
                private_key = key.ExportPkcs8PrivateKeyPem(),
                client_email = "speech@tests.example",
                client_id = "1",
                token_uri = "https://localhost/token",
            }),
            TestRun.CancellationToken);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(certificate);
        }));
        builder.Services.AddGrpc(grpc => grpc.MaxSendMessageSize = null);
        builder.Services.AddSingleton(new Calls(this));
        _app = builder.Build();
        _app.MapGrpcService<Calls>();
        await _app.StartAsync(TestRun.CancellationToken);
    }

    private static bool IsWarmup(SynthesizeSpeechRequest request) => request.Input.Text == "a";

    private sealed class Calls(GoogleServer server) : TextToSpeech.TextToSpeechBase
    {
        private const int Rate = 24_000;

        public override Task<ListVoicesResponse> ListVoices(ListVoicesRequest request, ServerCallContext context) =>
            Task.FromResult(new ListVoicesResponse
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
                AudioEncoding.Mulaw => WaveFile.Of(
                    [.. Enumerable.Repeat((byte)0x55, request.AudioConfig.SampleRateHertz)], request.AudioConfig.SampleRateHertz),
                _ => System.Text.Encoding.UTF8.GetBytes($"{request.AudioConfig.AudioEncoding} of {request.Input}"),
            };
        }
    }
}
