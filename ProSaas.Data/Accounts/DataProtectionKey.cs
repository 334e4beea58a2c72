namespace ProSaas.Data.Accounts;

/// <summary>A key that cookies and tokens are protected with, shared by all replicas and kept over restarts.</summary>
public sealed class DataProtectionKey
{
    public long Id { get; init; }

    /// <summary>Its name for people, "key-" and its identifier.</summary>
    public required string FriendlyName { get; init; }

    /// <summary>The key as ASP.NET Core's data protection writes it.</summary>
    public required string Xml { get; init; }
}
