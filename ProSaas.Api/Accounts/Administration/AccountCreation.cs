using Microsoft.AspNetCore.Identity;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Administration;

/// <summary>Makes accounts, as part of a unit of work of the system.</summary>
internal sealed class AccountCreation(UserManager<Account> users, TimeProvider time)
{
    /// <summary>Null when another account has the e-mail address.</summary>
    /// <param name="account">Without errors.</param>
    /// <param name="passwordHash">Made before the transaction: hashing takes a tenth of a second.</param>
    /// <exception cref="InvalidOperationException">Identity refused for another reason.</exception>
    public async Task<Account?> AddAsync(NewAccount account, string passwordHash)
    {
        var added = new Account
        {
            UserName = account.Email,
            Email = account.Email,
            Name = account.Name,
            PasswordHash = passwordHash,
            IsSystemAdmin = account.IsSystemAdmin,
            CreatedAt = time.GetUtcNow(),
        };
        var result = await users.CreateAsync(added);
        if (result.Succeeded)
        {
            return added;
        }

        return result.Errors.Any(error =>
            error.Code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName))
            ? null
            : throw new InvalidOperationException(string.Join(' ', result.Errors.Select(error => error.Description)));
    }

    public async Task<bool> ExistsAsync(string email) => await users.FindByEmailAsync(email) is not null;
}
