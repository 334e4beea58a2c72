using ProSaas.Api.Http;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Businesses;

/// <summary>Somebody to become a member, by the address of their account.</summary>
/// <param name="Role"><c>owner</c> or <c>member</c>.</param>
internal sealed record MemberRequest(string? Email, string? Role);

/// <summary>What a member is from now on.</summary>
/// <param name="Role"><c>owner</c> or <c>member</c>.</param>
internal sealed record RoleRequest(string? Role);

/// <summary>Somebody of a business.</summary>
/// <param name="Name">What people call them, if anybody said.</param>
/// <param name="Role"><c>owner</c> or <c>member</c>.</param>
internal sealed record MemberResponse(long AccountId, string Email, string? Name, string Role);

internal static class RoleField
{
    public static BusinessRole? Read(string? role, FieldErrors errors)
    {
        if (role is "owner" or "member")
        {
            return BusinessRoleConverter.FromWord(role);
        }

        errors.Add("role", "It is owner or member.");
        return null;
    }
}
