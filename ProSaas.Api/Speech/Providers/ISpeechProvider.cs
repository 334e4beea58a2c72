namespace ProSaas.Api.Speech.Providers;

/// <summary>A service that turns text into speech.</summary>
internal interface ISpeechProvider
{
    /// <summary>How requests, headers and telemetry name it.</summary>
    string Name { get; }

    /// <summary>Calls at once; more wait.</summary>
    int MaxConcurrency { get; }

    /// <summary>Makes the client and one tiny real call: a constructor alone warms nothing.</summary>
    Task WarmUpAsync(CancellationToken cancellationToken);

    /// <exception cref="SpeechFailedException">It could not be asked.</exception>
    Task<IReadOnlyList<SpeechVoice>> ListVoicesAsync(CancellationToken cancellationToken);

    /// <summary>The voice for a language when none is named: one of the list, or null to leave it to the provider.</summary>
    /// <param name="voices">Those of the list that speak the language.</param>
    SpeechVoice? DefaultVoice(IReadOnlyList<SpeechVoice> voices, string language);

    /// <summary>What has to be installed before it can make this; null when it can.</summary>
    string? MissingFor(SpeechFormat format, double rate);

    /// <returns>The audio: for wav a whole file, for µ-law the samples alone.</returns>
    /// <exception cref="SpeechFailedException">It gave no audio.</exception>
    Task<ReadOnlyMemory<byte>> SynthesizeAsync(SpeechSegment segment, CancellationToken cancellationToken);
}
