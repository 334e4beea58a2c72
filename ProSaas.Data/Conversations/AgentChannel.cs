using System.Text.Json.Serialization;

namespace ProSaas.Data.Conversations;

/// <summary>The channels an agent answers on.</summary>
public enum AgentChannel
{
    /// <summary>Voice calls, <c>calls</c>.</summary>
    Calls,

    /// <summary>WhatsApp messages, <c>whatsapp</c>.</summary>
    [JsonStringEnumMemberName("whatsapp")]
    WhatsApp,
}
