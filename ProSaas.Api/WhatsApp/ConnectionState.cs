using System.Text.Json.Serialization;
using ProSaas.Api.Http;

namespace ProSaas.Api.WhatsApp;

/// <summary>Where a business's connection to WhatsApp stands.</summary>
[JsonConverter(typeof(NamedEnumConverter<ConnectionState>))]
internal enum ConnectionState
{
    /// <summary>A QR code is to be scanned.</summary>
    Pairing,

    Connecting,

    Connected,

    Degraded,

    /// <summary>It has to be paired anew.</summary>
    LoggedOut,

    /// <summary>None was begun; the WhatsApp service never says so.</summary>
    Off,
}
