namespace Aspire.Dashboard.Hosting;

/// <summary>What a port is for.</summary>
internal enum Listener
{
    Frontend,
    OtlpGrpc,
    OtlpHttp,
}

/// <summary>An endpoint that is reached on one port only; those without are of the front end.</summary>
/// <param name="listener">The port.</param>
internal sealed class ListenerMetadata(Listener listener)
{
    public Listener Listener { get; } = listener;
}
