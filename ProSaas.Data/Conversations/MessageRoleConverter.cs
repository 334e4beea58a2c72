using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ProSaas.Data.Conversations;

/// <summary>A role as the word that the API and the database have for it: <c>customer</c> or <c>agent</c>.</summary>
public sealed class MessageRoleConverter() : ValueConverter<MessageRole, string>(role => ToWord(role), word => FromWord(word))
{
    public static string ToWord(MessageRole role) => role switch
    {
        MessageRole.Customer => "customer",
        MessageRole.Agent => "agent",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, message: null),
    };

    public static MessageRole FromWord(string word) => word switch
    {
        "customer" => MessageRole.Customer,
        "agent" => MessageRole.Agent,
        _ => throw new ArgumentOutOfRangeException(nameof(word), word, message: null),
    };
}
