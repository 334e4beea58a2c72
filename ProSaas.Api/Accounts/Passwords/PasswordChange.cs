using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Accounts.Login;
using ProSaas.Data;

namespace ProSaas.Api.Accounts.Passwords;

/// <summary>Gives an account a new password and ends its other sessions, programs' included.</summary>
internal sealed class PasswordChange(UnitOfWork unitOfWork, CredentialCheck check, PasswordHashing hashing, ILogger<PasswordChange> logger)
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

    /// <summary>Returns false when too many passwords are being hashed.</summary>
    /// <param name="right">The current password, checked.</param>
    /// <param name="newPassword">By the rules.</param>
    /// <param name="keptSession">The session that goes on.</param>
    public async Task<bool> ApplyAsync(
        CredentialResult.Right right, string newPassword, Guid keptSession, CancellationToken cancellationToken)
    {
        using var turn = await hashing.TakeTurnAsync(cancellationToken);
        if (!turn.IsAcquired)
        {
            return false;
        }

        var hash = hashing.Hash(newPassword);
        var stamp = Guid.NewGuid().ToString("N");
        await unitOfWork.AsSystemAsync(
            "password change",
            async (context, token) =>
            {
                await check.ForgetAttemptsAsync(context, right.Account, token);
                await context.Accounts
                    .Where(account => account.Id == right.Account.Id)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(account => account.PasswordHash, hash).SetProperty(account => account.SecurityStamp, stamp),
                        token);
                return await context.AccountSessions.Where(session => session.AccountId == right.Account.Id && session.Id != keptSession)
                    .ExecuteDeleteAsync(token);
            },
            cancellationToken);
        Log.PasswordChanged(logger, right.Account.Id);
        return true;
    }
}
