using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Cloud.TextToSpeech.V1;
using Google.Protobuf;
using Grpc.Core;
using ProSaas.Tests.Fixtures;

namespace ProSaas.Bench.Speech;

/// <summary>Speaks Google's protocol over TLS: each call takes a time, the first of a connection more.</summary>
internal sealed class FakeGoogle : IAsyncDisposable
{
    private GoogleHost? _host;

    private FakeGoogle()
    {
    }

    /// <summary>How long each text took here.</summary>
    public ConcurrentDictionary<string, double> Milliseconds { get; } = new(StringComparer.Ordinal);

    public IEnumerable<KeyValuePair<string, string>> Environment => _host!.Environment.Select(setting => KeyValuePair.Create(setting.Name, setting.Value));

    public static async Task<FakeGoogle> StartAsync(TimeSpan delay, TimeSpan cold, int audioBytes, CancellationToken cancellationToken)
    {
        var google = new FakeGoogle();
        google._host = await GoogleHost.StartAsync(new Calls(google, delay, cold, audioBytes), cancellationToken);
        return google;
    }

    public ValueTask DisposeAsync() => _host!.DisposeAsync();

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
