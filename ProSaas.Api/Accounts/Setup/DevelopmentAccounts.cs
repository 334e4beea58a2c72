using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Accounts.Administration;
using ProSaas.Api.Accounts.Passwords;
using ProSaas.Data;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Setup;

/// <summary>Accounts that a developer logs in with at once. They are made in development only.</summary>
internal static class DevelopmentAccounts
{
    public const string Administrator = "admin@prosaas.test";
    public const string Owner = "owner@prosaas.test";
    public const string Member = "member@prosaas.test";
    public const string Password = "for development only";

    /// <summary>The first business of the development seed.</summary>
    private const long BusinessId = 1;

    public static async Task EnsureAsync(
        ProSaasDbContext context, AccountCreation creation, PasswordHashing hashing, CancellationToken cancellationToken)
    {
        if (await creation.ExistsAsync(Administrator))
        {
            return;
        }

        var hash = hashing.Hash(Password);
        await AddAsync(Administrator, role: null);
        if (await context.Businesses.AnyAsync(business => business.Id == BusinessId, cancellationToken))
        {
            await AddAsync(Owner, BusinessRole.Owner);
            await AddAsync(Member, BusinessRole.Member);
        }

        await context.SaveChangesAsync(cancellationToken);

        async Task AddAsync(string email, BusinessRole? role)
        {
            var added = await creation.AddAsync(new NewAccount(email, Name: null, Password, IsSystemAdmin: role is null), hash);
            if (added is not null && role is { } given)
            {
                context.BusinessMembers.Add(new BusinessMember { BusinessId = BusinessId, AccountId = added.Id, Role = given });
            }
        }
    }
}
