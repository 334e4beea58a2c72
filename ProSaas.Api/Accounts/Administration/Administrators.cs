using Microsoft.EntityFrameworkCore;
using ProSaas.Data;

namespace ProSaas.Api.Accounts.Administration;

/// <summary>The administrators of the platform, of whom one is always left.</summary>
internal static class Administrators
{
    /// <summary>
    /// Whether no administrator but this account can log in. Locks their rows until the end of the unit of work,
    /// so that of two requests which each take one away the second sees what the first did.
    /// </summary>
    public static async Task<bool> IsLastAsync(ProSaasDbContext context, long accountId, CancellationToken cancellationToken)
    {
        var active = await context.Database
            .SqlQuery<long>(
                $"""
                SELECT id AS "Value" FROM accounts WHERE is_system_admin AND disabled_at IS NULL
                ORDER BY id FOR NO KEY UPDATE
                """)
            .ToListAsync(cancellationToken);
        return active is [var only] && only == accountId;
    }
}
