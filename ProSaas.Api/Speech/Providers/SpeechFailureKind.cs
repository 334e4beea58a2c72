namespace ProSaas.Api.Speech.Providers;

/// <summary>What can be done about a provider that gave no audio.</summary>
internal enum SpeechFailureKind
{
    /// <summary>Another attempt may help, and does no harm: synthesis changes nothing.</summary>
    Transient,

    /// <summary>Another attempt would not help now.</summary>
    Lasting,

    /// <summary>The provider does not take this request; it is well otherwise.</summary>
    Refused,
}
