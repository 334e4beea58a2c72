namespace Google.Api.Gax.Grpc;

/// <summary>How a call is made: so far, how long it may take.</summary>
public sealed class CallSettings
{
    private CallSettings(Expiration expiration) => Expiration = expiration;

    /// <summary>When the call is given up.</summary>
    public Expiration Expiration { get; }

    /// <summary>Settings with an expiration and, since they say nothing of retries, none.</summary>
    public static CallSettings FromExpiration(Expiration expiration) => new(expiration);
}
