using Microsoft.EntityFrameworkCore;
using ProSaas.Data;

namespace ProSaas.Api.Accounts;

/// <summary>Gives an account a new password and ends its other sessions, programs' included.</summary>
internal sealed class PasswordChange(UnitOfWork unitOfWork, CredentialCheck check, PasswordHashing hashing, ILogger<PasswordChange> logger)
{
    /// <summary>Why the new password is refused; null when it is not.</summary>
    public async Task<string?> FindFaultAsync(CurrentAccount account, PasswordChangeRequest request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.NewPassword))
        {
            return "The new password is needed.";
        }

        if (request.NewPassword == request.CurrentPassword)
        {
            return "The new password is the current one.";
        }

        var businessIds = account.Memberships.Keys.ToList();
        var businesses = await unitOfWork.AsSystemAsync(
            "password rules",
            (db, token) => db.Businesses.Where(business => businessIds.Contains(business.Id)).Select(business => business.Name).ToListAsync(token),
            cancellationToken);
        return PasswordPolicy.FindFault(request.NewPassword, [account.Email, account.Name, .. businesses]);
    }

    /// <summary>Returns false when too many passwords are being hashed.</summary>
    /// <param name="right">The current password, checked.</param>
    /// <param name="newPassword">By the rules.</param>
    /// <param name="keptSession">The session that goes on.</param>
    public async Task<bool> ApplyAsync(CredentialResult.Right right, string newPassword, Guid keptSession, CancellationToken cancellationToken)
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
            async (db, token) =>
            {
                await check.ForgetAttemptsAsync(db, right.Account, token);
                await db.Accounts
                    .Where(account => account.Id == right.Account.Id)
                    .ExecuteUpdateAsync(set => set.SetProperty(account => account.PasswordHash, hash).SetProperty(account => account.SecurityStamp, stamp), token);
                return await db.AccountSessions.Where(session => session.AccountId == right.Account.Id && session.Id != keptSession).ExecuteDeleteAsync(token);
            },
            cancellationToken);
        Log.PasswordChanged(logger, right.Account.Id);
        return true;
    }
}
