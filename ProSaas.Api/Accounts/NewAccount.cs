using System.ComponentModel.DataAnnotations;

namespace ProSaas.Api.Accounts;

/// <summary>An account to be made.</summary>
internal sealed record NewAccount(string? Email, string? Name, string? Password, bool IsSystemAdmin)
{
    public const int MaxEmailLength = 254;

    private const int MaxNameLength = 200;

    private static readonly EmailAddressAttribute EmailFormat = new();

    /// <summary>What is wrong with it, by field.</summary>
    public Dictionary<string, string[]> FindErrors()
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(Email) || Email.Length > MaxEmailLength || !EmailFormat.IsValid(Email) || Email.Any(char.IsControl))
        {
            errors["email"] = [$"An e-mail address of at most {MaxEmailLength} characters is needed."];
        }

        if (Name is not null && (Name.Length > MaxNameLength || Name.Any(char.IsControl)))
        {
            errors["name"] = [$"A name has at most {MaxNameLength} characters, none of them a control character."];
        }

        if (PasswordPolicy.FindFault(Password ?? "", Email, Name) is { } fault)
        {
            errors["password"] = [fault];
        }

        return errors;
    }
}
