using System.Text.Json.Serialization;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts;

/// <summary>An e-mail address and a password, of a person or a program.</summary>
internal sealed record LoginRequest(string? Email, string? Password)
{
    /// <summary>What is missing, by field.</summary>
    public Dictionary<string, string[]> FindErrors()
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(Email) || Email.Length > NewAccount.MaxEmailLength || Email.Any(char.IsControl))
        {
            errors["email"] = [$"An e-mail address of at most {NewAccount.MaxEmailLength} characters is needed."];
        }

        if (string.IsNullOrEmpty(Password) || Password.Length > MaxPasswordUnits)
        {
            errors["password"] = [$"A password of at most {PasswordPolicy.MaxLength} characters is needed."];
        }

        return errors;
    }

    /// <summary>A character is one or two of them.</summary>
    private const int MaxPasswordUnits = 2 * PasswordPolicy.MaxLength;
}

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
