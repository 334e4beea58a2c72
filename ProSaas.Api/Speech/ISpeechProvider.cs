namespace ProSaas.Api.Speech;

/// <summary>A service that turns text into speech.</summary>
internal interface ISpeechProvider
{
    /// <summary>Makes the client and one tiny real call: a constructor alone warms nothing.</summary>
    Task WarmUpAsync(CancellationToken cancellationToken);
}
