using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace ProSaas.Data.Accounts;

/// <summary>A role as the word that the API and the database have for it: <c>owner</c> or <c>member</c>.</summary>
public sealed class BusinessRoleConverter() : ValueConverter<BusinessRole, string>(role => ToWord(role), word => FromWord(word))
{
    public static string ToWord(BusinessRole role) => role switch
    {
        BusinessRole.Owner => "owner",
        BusinessRole.Member => "member",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, message: null),
    };

    public static BusinessRole FromWord(string word) => word switch
    {
        "owner" => BusinessRole.Owner,
        "member" => BusinessRole.Member,
        _ => throw new ArgumentOutOfRangeException(nameof(word), word, message: null),
    };
}
