namespace ProSaas.Tests.Fuzz;

/// <summary>Who sends a request.</summary>
internal enum Actor
{
    Nobody,
    Administrator,
    Owner,
    Member,

    /// <summary>An owner of another business.</summary>
    Stranger,

    /// <summary>An owner, as a program with an access token.</summary>
    Program,

    /// <summary>The WhatsApp service.</summary>
    Service,
}
