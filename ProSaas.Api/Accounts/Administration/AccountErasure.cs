using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Auditing;

namespace ProSaas.Api.Accounts.Administration;

/// <summary>
/// Removes an account with its sessions, tokens, memberships and known networks. What it did stays in the audits, under the key of the
/// account and without its e-mail address.
/// </summary>
internal static class AccountErasure
{
    /// <summary>Of each statement: the audits of all businesses are read.</summary>
    private static readonly TimeSpan AllAuditsTimeout = TimeSpan.FromMinutes(1);

    public static void MapAccountErasure(this RouteGroupBuilder accounts) => accounts.MapDelete("/{id:long}", EraseAsync)
        .WithProblems(ProblemTypes.NotFound, ProblemTypes.OwnAccount, ProblemTypes.LastAdministrator, ProblemTypes.LastOwner);

    private static async Task<Results<NoContent, ProblemHttpResult>> EraseAsync(
        long id,
        CurrentAccount current,
        UnitOfWork unitOfWork,
        AuditActor actor,
        AuditLog audit,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        if (id == current.Id)
        {
            return ProblemTypes.OwnAccount.Because("Nobody erases their own account: another administrator can.");
        }

        var refusal = await unitOfWork.AsSystemAsync(
            "account administration",
            async (context, token) =>
            {
                context.Database.SetCommandTimeout(AllAuditsTimeout);
                return await FindRefusalAsync(context, id, token) ?? await RemoveAsync(context, id, actor, token);
            },
            cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        audit.AccountErased(id, current.Id, ClientNetwork.Of(http));
        return TypedResults.NoContent();
    }

    private static async Task<ProblemHttpResult?> FindRefusalAsync(ProSaasDbContext context, long id, CancellationToken cancellationToken)
    {
        if (await Administrators.IsLastAsync(context, id, cancellationToken))
        {
            return AccountProblems.LastAdministrator();
        }

        // Locked as for a change of their members, so that of two last owners one is left.
        var orphaned = await context.Database.SqlQuery<long>(
            $"""
            SELECT b.id AS "Value" FROM businesses b
            WHERE b.id IN (SELECT business_id FROM business_members WHERE account_id = {id} AND role = 'owner')
            ORDER BY b.id FOR NO KEY UPDATE
            """).ToListAsync(cancellationToken);
        orphaned = await context.Database.SqlQuery<long>(
            $"""
            SELECT o.id AS "Value" FROM businesses o
            WHERE o.id = ANY({orphaned}) AND NOT EXISTS (
                SELECT FROM business_members m WHERE m.business_id = o.id AND m.account_id <> {id} AND m.role = 'owner')
            ORDER BY o.id
            """).ToListAsync(cancellationToken);
        return orphaned is []
            ? null
            : ProblemTypes.LastOwner.Because(
                $"The account is the last owner of business {string.Join(", ", orphaned)}. Make another account an owner there, or erase the business, first.");
    }

    private static async Task<ProblemHttpResult?> RemoveAsync(
        ProSaasDbContext context, long id, AuditActor actor, CancellationToken cancellationToken)
    {
        foreach (var business in await context.BusinessMembers.Where(member => member.AccountId == id)
            .Select(member => member.BusinessId).ToListAsync(cancellationToken))
        {
            context.Audit(actor, business, "account.erased", id);
        }

        await context.SaveChangesAsync(cancellationToken);
        if (await context.Accounts.Where(account => account.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return Problems.NotFound("account");
        }

        var neutral = $"account {id}";
        await context.AuditEntries.Where(entry => entry.AccountId == id)
            .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.AccountEmail, neutral), cancellationToken);
        return null;
    }
}
