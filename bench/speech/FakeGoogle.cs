using System.Buffers.Binary;
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
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ProSaas.Bench.Speech;

/// <summary>Speaks Google's protocol over TLS: each call takes a time, the first of a connection more.</summary>
internal sealed class FakeGoogle : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private FakeGoogle(WebApplication app, DirectoryInfo folder) => (_app, _folder) = (app, folder);

    /// <summary>How long each text took here.</summary>
    public ConcurrentDictionary<string, double> Milliseconds { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<KeyValuePair<string, string>> Environment =>
    [
        new("Speech__GoogleEndpoint", $"localhost:{new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port}"),
        new("GOOGLE_APPLICATION_CREDENTIALS", Path.Combine(_folder.FullName, "credentials.json")),
        new("SSL_CERT_FILE", Path.Combine(_folder.FullName, "server.pem")),
    ];

    public static async Task<FakeGoogle> StartAsync(TimeSpan delay, TimeSpan cold, int audioBytes, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("prosaas-bench-google-");
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var today = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(today.AddDays(-1), today.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "server.pem"), certificate.ExportCertificatePem(), cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "credentials.json"),
            JsonSerializer.Serialize(new { type = "service_account", project_id = "bench", private_key_id = "1", private_key = key.ExportPkcs8PrivateKeyPem(), client_email = "speech@bench.example", client_id = "1" }),
            cancellationToken);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(certificate);
        }));
        builder.Services.AddGrpc(grpc => grpc.MaxSendMessageSize = null);
        FakeGoogle? google = null;
        builder.Services.AddSingleton(_ => new Calls(google!, delay, cold, audioBytes));
        var app = builder.Build();
        app.MapGrpcService<Calls>();
        google = new FakeGoogle(app, folder);
        await app.StartAsync(cancellationToken);
        return google;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private sealed class Calls(FakeGoogle google, TimeSpan delay, TimeSpan cold, int audioBytes) : TextToSpeech.TextToSpeechBase
    {
        private readonly ConcurrentDictionary<string, bool> _connections = new(StringComparer.Ordinal);
        private readonly ByteString _audio = ByteString.CopyFrom(Audio(audioBytes));

        public override Task<ListVoicesResponse> ListVoices(ListVoicesRequest request, ServerCallContext context)
            => Task.FromResult(new ListVoicesResponse { Voices = { new Voice { Name = "he-IL-Wavenet-A", LanguageCodes = { "he-IL" } } } });

        public override async Task<SynthesizeSpeechResponse> SynthesizeSpeech(SynthesizeSpeechRequest request, ServerCallContext context)
        {
            var started = Stopwatch.GetTimestamp();
            var isFirst = _connections.TryAdd(context.GetHttpContext().Connection.Id, value: true);
            await Task.Delay(isFirst ? delay + cold : delay, TimeProvider.System, context.CancellationToken);
            google.Milliseconds[request.Input.Text] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            return new SynthesizeSpeechResponse { AudioContent = _audio };
        }

        /// <summary>A WAV file with so many bytes of samples at 24 kHz.</summary>
        private static byte[] Audio(int bytes)
        {
            var file = new byte[44 + bytes];
            "RIFF"u8.CopyTo(file);
            "WAVEfmt "u8.CopyTo(file.AsSpan(8));
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(16), 16);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 0x0001_0001);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(24), 24_000);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(28), 48_000);
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(32), 0x0010_0002);
            "data"u8.CopyTo(file.AsSpan(36));
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(40), (uint)bytes);
            return file;
        }
    }
}
