using Microsoft.EntityFrameworkCore;
using ProSaas.Data;

namespace ProSaas.Api.Businesses;

/// <summary>One change at a time where rows of a business are counted first: its owners, its FAQ entries.</summary>
internal static class BusinessLock
{
    /// <summary>Waits for the business's row, and holds it until the transaction ends. False when there is none.</summary>
    public static async Task<bool> TakeAsync(ProSaasDbContext context, long businessId, CancellationToken cancellationToken) =>
        (await context.Database.SqlQuery<long>($"SELECT id FROM businesses WHERE id = {businessId} FOR NO KEY UPDATE")
            .ToListAsync(cancellationToken)).Count == 1;
}
