using System.ComponentModel.DataAnnotations;
using FluentValidation;
using ProSaas.Api.Accounts.Passwords;
using ProSaas.Api.Http;

namespace ProSaas.Api.Accounts.Administration;

/// <summary>An account to be made.</summary>
internal sealed record NewAccount(string? Email, string? Name, string? Password, bool IsSystemAdmin)
{
    public const int MaxEmailLength = 254;

    internal sealed class Validator : RequestValidator<NewAccount>
    {
        private const int MaxNameLength = 200;

        private static readonly EmailAddressAttribute EmailFormat = new();

        public Validator()
        {
            RuleFor(account => account.Email)
                .Must(email => !string.IsNullOrWhiteSpace(email) && email.Length <= MaxEmailLength
                    && EmailFormat.IsValid(email) && !email.Any(char.IsControl))
                .WithMessage($"An e-mail address of at most {MaxEmailLength} characters is needed.");
            RuleFor(account => account.Name).Must(name => name is null || (name.Length <= MaxNameLength && !name.Any(char.IsControl)))
                .WithMessage($"A name has at most {MaxNameLength} characters, none of them a control character.");
            RuleFor(account => account.Password).Custom((password, context) =>
            {
                if (PasswordPolicy.FindFault(
                    password ?? "", context.InstanceToValidate.Email, context.InstanceToValidate.Name) is { } fault)
                {
                    context.AddFailure(fault);
                }
            });
        }
    }
}
