using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Accounts;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Auditing;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Businesses;

internal static class BusinessEndpoints
{
    public static void MapNewBusiness(this RouteGroupBuilder businesses) =>
        businesses.MapPost("/", CreateAsync).RequireSystemAdmin().ProducesProblem(StatusCodes.Status403Forbidden);

    public static void MapBusiness(this RouteGroupBuilder business)
    {
        business.MapGet("/", GetAsync).RequireBusinessMember();
        business.MapPut("/", UpdateAsync).RequireBusinessOwner();
        business.MapPost("/activate", ActivateAsync).RequireBusinessOwner();
        business.MapPost("/deactivate", DeactivateAsync).RequireBusinessOwner();
    }

    private static async Task<Results<Created<BusinessResponse>, ValidationProblem, ProblemHttpResult>> CreateAsync(
        BusinessRequest body, UnitOfWork unit, AuditActor actor, HttpResponse response, CancellationToken ct)
    {
        try
        {
            return await unit.AsSystemAsync<Results<Created<BusinessResponse>, ValidationProblem, ProblemHttpResult>>("create business", async (context, token) =>
            {
                var business = new Business { Name = "", BusinessType = "", Greeting = "", SystemPrompt = "" };
                if (body.ApplyTo(business) is { Any: true } errors)
                {
                    return errors.ToProblem();
                }

                context.Add(business);
                await context.SaveAuditedAsync(actor, token);
                EntityTag.Write(response, business.AgentVersion);
                return TypedResults.Created($"/api/businesses/{business.Id}", BusinessResponse.Of(business));
            }, ct);
        }
        catch (DbUpdateException failure) when (BusinessProblems.NumberTaken(failure) is { } taken)
        {
            return taken;
        }
    }

    private static Task<Results<Ok<BusinessResponse>, ProblemHttpResult>> GetAsync(
        long businessId, UnitOfWork unit, HttpResponse response, CancellationToken ct) =>
        unit.ForBusinessAsync<Results<Ok<BusinessResponse>, ProblemHttpResult>>(businessId, async (context, token) =>
            await context.Businesses.AsNoTracking().SingleOrDefaultAsync(business => business.Id == businessId, token) is { } business
                ? Answer(business, response)
                : BusinessProblems.NotFound("business"), ct);

    private static async Task<Results<Ok<BusinessResponse>, ValidationProblem, ProblemHttpResult>> UpdateAsync(
        long businessId, BusinessRequest body, UnitOfWork unit, AuditActor actor, HttpContext http, CancellationToken ct)
    {
        try
        {
            return await unit.ForBusinessAsync<Results<Ok<BusinessResponse>, ValidationProblem, ProblemHttpResult>>(businessId, async (context, token) =>
            {
                if (await LockAsync(context, businessId, token) is not { } business)
                {
                    return BusinessProblems.NotFound("business");
                }

                if (!EntityTag.Matches(http.Request, business.AgentVersion, out var refusal))
                {
                    return refusal;
                }

                if (body.ApplyTo(business) is { Any: true } errors)
                {
                    context.ChangeTracker.Clear();
                    return errors.ToProblem();
                }

                await context.SaveAuditedAsync(actor, token);
                return Answer(business, http.Response);
            }, ct);
        }
        catch (DbUpdateException failure) when (BusinessProblems.NumberTaken(failure) is { } taken)
        {
            return taken;
        }
    }

    private static Task<Results<Ok<BusinessResponse>, ProblemHttpResult>> ActivateAsync(
        long businessId, UnitOfWork unit, AuditActor actor, HttpResponse response, CancellationToken ct) =>
        SetActiveAsync(businessId, isActive: true, unit, actor, response, ct);

    private static Task<Results<Ok<BusinessResponse>, ProblemHttpResult>> DeactivateAsync(
        long businessId, UnitOfWork unit, AuditActor actor, HttpResponse response, CancellationToken ct) =>
        SetActiveAsync(businessId, isActive: false, unit, actor, response, ct);

    /// <summary>Says the wanted state, not a change to it, and so needs no entity tag.</summary>
    private static Task<Results<Ok<BusinessResponse>, ProblemHttpResult>> SetActiveAsync(
        long businessId, bool isActive, UnitOfWork unit, AuditActor actor, HttpResponse response, CancellationToken ct) =>
        unit.ForBusinessAsync<Results<Ok<BusinessResponse>, ProblemHttpResult>>(businessId, async (context, token) =>
        {
            if (await LockAsync(context, businessId, token) is not { } business)
            {
                return BusinessProblems.NotFound("business");
            }

            business.IsActive = isActive;
            await context.SaveAuditedAsync(actor, token);
            return Answer(business, response);
        }, ct);

    /// <summary>Locked, it cannot change between the look at its version and the change.</summary>
    private static Task<Business?> LockAsync(ProSaasDbContext context, long businessId, CancellationToken ct) =>
        context.Businesses.FromSql($"SELECT *, xmin FROM businesses WHERE id = {businessId} FOR NO KEY UPDATE").SingleOrDefaultAsync(ct);

    /// <summary>
    /// The tag is the version that agents are made from: it changes with every edit of the business or its FAQ, and unlike the
    /// row's own <c>xmin</c> not whenever a customer calls, which would refuse an owner's edit for no reason of theirs.
    /// </summary>
    private static Ok<BusinessResponse> Answer(Business business, HttpResponse response)
    {
        EntityTag.Write(response, business.AgentVersion);
        return TypedResults.Ok(BusinessResponse.Of(business));
    }
}
