using ProSaas.Api.Speech;
using ProSaas.Api.Speech.Providers;

namespace ProSaas.Tests.Speech;

/// <summary>A provider that does what the test says.</summary>
internal sealed class FakeSpeechProvider : ISpeechProvider
{
    private int _warmups;
    private int _syntheses;
    private int _listings;

    public string Name => "fake";

    public int MaxConcurrency { get; init; } = 4;

    public Func<CancellationToken, Task> WarmUp { get; set; } = _ => Task.CompletedTask;

    public Func<int, CancellationToken, Task<ReadOnlyMemory<byte>>> Synthesize { get; set; } =
        (_, _) => Task.FromResult<ReadOnlyMemory<byte>>("audio"u8.ToArray());

    public Func<IReadOnlyList<SpeechVoice>> Voices { get; set; } =
        () => [new("en-one", ["en-US"], "female"), new("he-one", ["he-IL"], null)];

    public int Warmups => _warmups;

    public int Syntheses => _syntheses;

    public int Listings => _listings;

    public Task WarmUpAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _warmups);
        return WarmUp(cancellationToken);
    }

    public Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _listings);
        return Task.FromResult(Voices());
    }

    public SpeechVoice? DefaultVoice(IReadOnlyList<SpeechVoice> voices, string language) => voices[0];

    public string? MissingFor(SpeechFormat format, double rate) => null;

    public Task<ReadOnlyMemory<byte>> SynthesizeAsync(SpeechSegment segment, CancellationToken cancellationToken) =>
        Synthesize(Interlocked.Increment(ref _syntheses), cancellationToken);
}
