namespace ProSaas.Api.Speech.Providers;

/// <summary>A provider gave no audio. Says why in a word, and nothing that the provider said: that may repeat a customer's text.</summary>
/// <param name="reason">One of a few words, for headers and telemetry.</param>
/// <param name="kind">What can be done about it.</param>
internal sealed class SpeechFailedException(string reason, SpeechFailureKind kind, Exception? inner = null)
    : Exception($"No speech: {reason}.", inner)
{
    public const string TimedOut = "timeout";
    public const string CircuitOpen = "circuit_open";
    public const string Busy = "busy";
    public const string NoSpace = "no_space";

    public string Reason { get; } = reason;

    public SpeechFailureKind Kind { get; } = kind;
}
