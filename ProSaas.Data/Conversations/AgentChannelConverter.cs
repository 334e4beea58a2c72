using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ProSaas.Data.Conversations;

/// <summary>A channel as the word that the API and the database have for it: <c>calls</c> or <c>whatsapp</c>.</summary>
public sealed class AgentChannelConverter() : ValueConverter<AgentChannel, string>(channel => ToWord(channel), word => FromWord(word))
{
    public static string ToWord(AgentChannel channel) => channel switch
    {
        AgentChannel.Calls => "calls",
        AgentChannel.WhatsApp => "whatsapp",
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, message: null),
    };

    public static AgentChannel FromWord(string word) =>
        TryFromWord(word) ?? throw new ArgumentOutOfRangeException(nameof(word), word, message: null);

    /// <summary>The channel of that name; null when there is none.</summary>
    public static AgentChannel? TryFromWord(string? word) => word switch
    {
        "calls" => AgentChannel.Calls,
        "whatsapp" => AgentChannel.WhatsApp,
        _ => null,
    };
}
