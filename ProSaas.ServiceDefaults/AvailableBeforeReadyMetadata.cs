namespace ProSaas.ServiceDefaults;

/// <summary>Endpoint metadata: this endpoint answers before the service is ready.</summary>
public sealed class AvailableBeforeReadyMetadata
{
    private AvailableBeforeReadyMetadata()
    {
    }

    internal static AvailableBeforeReadyMetadata Instance { get; } = new();
}
