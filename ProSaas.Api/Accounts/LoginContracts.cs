using System.Text.Json.Serialization;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts;

/// <summary>An e-mail address and a password, of a person or a program.</summary>
internal sealed record LoginRequest(string? Email, string? Password);

/// <summary>Who is logged in.</summary>
/// <param name="AntiforgeryToken">For browsers: the value of the header <c>X-CSRF-Token</c> of their unsafe requests.</param>
internal sealed record AccountResponse(
    long Id,
    string Email,
    string? Name,
    bool IsSystemAdmin,
    IReadOnlyList<MembershipResponse> Memberships,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AntiforgeryToken)
{
    public static AccountResponse Of(CurrentAccount account, string? antiforgeryToken) => new(
        account.Id,
        account.Email,
        account.Name,
        account.IsSystemAdmin,
        [.. account.Memberships.OrderBy(membership => membership.Key).Select(membership => new MembershipResponse(membership.Key, BusinessRoleConverter.ToWord(membership.Value)))],
        antiforgeryToken);
}

/// <param name="Role"><c>owner</c> or <c>member</c>.</param>
internal sealed record MembershipResponse(long BusinessId, string Role);
