using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Budgets;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Accounts;
using ProSaas.Data.Auditing;

namespace ProSaas.Api.Businesses;

/// <summary>Accounts belong to no business, so all of this is the system's work, held to the business by each query.</summary>
internal static class MemberEndpoints
{
    public static void MapMembers(this RouteGroupBuilder business)
    {
        var members = business.MapGroup("/members");
        members.MapGet("/", ListAsync).RequireBusinessMember().WithBudget(RequestKind.List);
        members.MapPost("/", AddAsync).RequireBusinessOwner().WithValidation<MemberRequest>().WithProblems(ProblemTypes.AlreadyMember);
        members.MapPut("/{accountId:long}", SetRoleAsync)
            .RequireBusinessOwner().WithValidation<RoleRequest>().WithProblems(ProblemTypes.LastOwner);
        members.MapDelete("/{accountId:long}", RemoveAsync).RequireBusinessOwner().WithProblems(ProblemTypes.LastOwner);
    }

    /// <summary>All members in order of their accounts' ids.</summary>
    private static async Task<Ok<Page<MemberResponse>>> ListAsync(long businessId, UnitOfWork unit, CancellationToken cancellationToken)
    {
        var members = await unit.AsSystemAsync("list members", (context, token) =>
            (from member in context.BusinessMembers
             where member.BusinessId == businessId
             join account in context.Accounts on member.AccountId equals account.Id
             orderby account.Id
             select new { account.Id, account.Email, account.Name, member.Role }).ToListAsync(token), cancellationToken);
        return TypedResults.Ok(new Page<MemberResponse>(
            members.ConvertAll(member => new MemberResponse(member.Id, member.Email!, member.Name, member.Role)), NextCursor: null));
    }

    private static Task<Results<Created<MemberResponse>, ValidationProblem, ProblemHttpResult>> AddAsync(
        long businessId, MemberRequest body, UnitOfWork unit, AuditActor actor, CancellationToken cancellationToken) =>
        unit.AsSystemAsync<Results<Created<MemberResponse>, ValidationProblem, ProblemHttpResult>>("add member", async (context, token) =>
        {
            if (!await BusinessLock.TakeAsync(context, businessId, token))
            {
                return Problems.NotFound("business");
            }

            var email = body.Email!.Trim().ToUpperInvariant();
            var account = await context.Accounts.AsNoTracking().SingleOrDefaultAsync(other => other.NormalizedEmail == email, token);
            if (account is null)
            {
                return Problems.Invalid("email", "Nobody has an account with this address.");
            }

            if (await context.BusinessMembers.AnyAsync(member => member.BusinessId == businessId && member.AccountId == account.Id, token))
            {
                return ProblemTypes.AlreadyMember.Because("The account is a member of this business already. Change its role instead.");
            }

            context.Add(new BusinessMember { BusinessId = businessId, AccountId = account.Id, Role = body.Role!.Value });
            await context.SaveAuditedAsync(actor, token);
            return TypedResults.Created(
                $"/api/businesses/{businessId}/members/{account.Id}",
                new MemberResponse(account.Id, account.Email!, account.Name, body.Role.Value));
        }, cancellationToken);

    private static Task<Results<NoContent, ProblemHttpResult>> SetRoleAsync(
        long businessId, long accountId, RoleRequest body, UnitOfWork unit, AuditActor actor, CancellationToken cancellationToken) =>
        unit.AsSystemAsync<Results<NoContent, ProblemHttpResult>>("change member's role", async (context, token) =>
        {
            if (!await BusinessLock.TakeAsync(context, businessId, token)
                || await FindAsync(context, businessId, accountId, token) is not { } member)
            {
                return Problems.NotFound("member");
            }

            if (body.Role is not BusinessRole.Owner && await IsLastOwnerAsync(context, member, token))
            {
                return BusinessProblems.LastOwner();
            }

            member.Role = body.Role!.Value;
            await context.SaveAuditedAsync(actor, token);
            return TypedResults.NoContent();
        }, cancellationToken);

    private static Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        long businessId, long accountId, UnitOfWork unit, AuditActor actor, CancellationToken cancellationToken) =>
        unit.AsSystemAsync<Results<NoContent, ProblemHttpResult>>("remove member", async (context, token) =>
        {
            if (!await BusinessLock.TakeAsync(context, businessId, token)
                || await FindAsync(context, businessId, accountId, token) is not { } member)
            {
                return Problems.NotFound("member");
            }

            if (await IsLastOwnerAsync(context, member, token))
            {
                return BusinessProblems.LastOwner();
            }

            context.Remove(member);
            await context.SaveAuditedAsync(actor, token);
            return TypedResults.NoContent();
        }, cancellationToken);

    private static Task<BusinessMember?> FindAsync(
        ProSaasDbContext context, long businessId, long accountId, CancellationToken cancellationToken) =>
        context.BusinessMembers.SingleOrDefaultAsync(
            member => member.BusinessId == businessId && member.AccountId == accountId, cancellationToken);

    private static async Task<bool> IsLastOwnerAsync(
        ProSaasDbContext context, BusinessMember member, CancellationToken cancellationToken) =>
        member.Role is BusinessRole.Owner && !await context.BusinessMembers.AnyAsync(
            other => other.BusinessId == member.BusinessId && other.AccountId != member.AccountId && other.Role == BusinessRole.Owner,
            cancellationToken);
}
