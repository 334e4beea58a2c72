using System.Text.Json.Serialization;
using FluentValidation;
using ProSaas.Api.Accounts.Administration;
using ProSaas.Api.Accounts.Passwords;
using ProSaas.Api.Http;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Login;

/// <summary>An e-mail address and a password, of a person or a program.</summary>
internal sealed record LoginRequest(string? Email, string? Password)
{
    internal sealed class Validator : RequestValidator<LoginRequest>
    {
        /// <summary>A character is one or two of them.</summary>
        private const int MaxPasswordUnits = 2 * PasswordPolicy.MaxLength;

        public Validator()
        {
            RuleFor(request => request.Email)
                .Must(email => !string.IsNullOrWhiteSpace(email) && email.Length <= NewAccount.MaxEmailLength && !email.Any(char.IsControl))
                .WithMessage($"An e-mail address of at most {NewAccount.MaxEmailLength} characters is needed.");
            RuleFor(request => request.Password).Must(password => password is { Length: > 0 and <= MaxPasswordUnits })
                .WithMessage($"A password of at most {PasswordPolicy.MaxLength} characters is needed.");
        }
    }
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
        [.. account.Memberships.OrderBy(membership => membership.Key)
            .Select(membership => new MembershipResponse(membership.Key, membership.Value))],
        antiforgeryToken);
}

internal sealed record MembershipResponse(long BusinessId, BusinessRole Role);
