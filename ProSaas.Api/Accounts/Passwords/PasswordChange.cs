using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Accounts.Login;
using ProSaas.Data;

namespace ProSaas.Api.Accounts.Passwords;

/// <summary>Gives an account a new password and ends its other sessions, programs' included.</summary>
internal sealed class PasswordChange(UnitOfWork unitOfWork, LoginAttempts attempts, PasswordHashing hashing)
{
    /// <summary>Why the policy refuses the new password; null when it does not.</summary>
    public async Task<string?> FindFaultAsync(CurrentAccount account, string newPassword, CancellationToken cancellationToken)
    {
        var businessIds = account.Memberships.Keys.ToList();
        var businesses = await unitOfWork.AsSystemAsync(
            "password rules",
            (context, token) => context.Businesses.Where(business => businessIds.Contains(business.Id))
                .Select(business => business.Name).ToListAsync(token),
            cancellationToken);
        return PasswordPolicy.FindFault(newPassword, [account.Email, account.Name, .. businesses]);
    }

    /// <summary>
    /// Returns the account as it is now; <see cref="CredentialResult.Wrong"/> when another change came first, and
    /// <see cref="CredentialResult.TooBusy"/> when too many passwords are being hashed.
    /// </summary>
    /// <param name="right">The current password, checked.</param>
    /// <param name="newPassword">By the rules.</param>
    /// <param name="keptSession">The session that goes on.</param>
    public async Task<CredentialResult> ApplyAsync(
        CredentialResult.Right right, string newPassword, Guid keptSession, CancellationToken cancellationToken)
    {
        using var turn = await hashing.TakeTurnOfKnownAsync(cancellationToken);
        if (!turn.IsAcquired)
        {
            return new CredentialResult.TooBusy();
        }

        var hash = hashing.Hash(newPassword);
        var (id, stamp) = (right.Account.Id, Guid.NewGuid().ToString("N"));
        var isChanged = await unitOfWork.AsSystemAsync(
            "password change",
            async (context, token) =>
            {
                // First, so that a login which has the row's lock has written the session that is to end.
                if (await context.Accounts
                    .Where(account => account.Id == id && account.SecurityStamp == right.Account.SecurityStamp)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(account => account.PasswordHash, hash).SetProperty(account => account.SecurityStamp, stamp),
                        token) == 0)
                {
                    return false;
                }

                await context.AccountSessions.Where(session => session.AccountId == id && session.Id != keptSession)
                    .ExecuteDeleteAsync(token);
                await context.KnownNetworks.Where(network => network.AccountId == id).ExecuteDeleteAsync(token);
                await attempts.SucceedAsync(context, right.Attempt, id, token);
                return true;
            },
            cancellationToken);
        if (!isChanged)
        {
            return new CredentialResult.Wrong();
        }

        right.Account.SecurityStamp = stamp;
        return right;
    }
}
