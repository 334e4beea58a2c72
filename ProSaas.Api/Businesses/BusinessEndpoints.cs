using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Accounts;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Auditing;
using ProSaas.Data.Businesses;
using ProSaas.Data.WhatsApp;

namespace ProSaas.Api.Businesses;

internal static class BusinessEndpoints
{
    /// <summary>Of the one statement that removes all of a business.</summary>
    private static readonly TimeSpan WholeBusinessTimeout = TimeSpan.FromMinutes(1);

    public static void MapNewBusiness(this RouteGroupBuilder businesses) =>
        businesses.MapPost("/", CreateAsync).RequireSystemAdmin().WithValidation<BusinessRequest>()
            .WithProblems(ProblemTypes.NumberTaken);

    public static void MapBusiness(this RouteGroupBuilder business)
    {
        business.MapGet("/", GetAsync).RequireBusinessMember();
        business.MapPut("/", UpdateAsync).RequireBusinessOwner()
            .WithProblems(ProblemTypes.Validation, ProblemTypes.NumberTaken, ProblemTypes.ChangedMeanwhile, ProblemTypes.IfMatchRequired);
        business.MapDelete("/", EraseAsync).RequireSystemAdmin().WithProblems(ProblemTypes.Validation, ProblemTypes.NotFound);
        business.MapPost("/activate", ActivateAsync).RequireBusinessOwner();
        business.MapPost("/deactivate", DeactivateAsync).RequireBusinessOwner();
    }

    private static async Task<Results<Created<BusinessResponse>, ProblemHttpResult>> CreateAsync(
        BusinessRequest body, UnitOfWork unit, AuditActor actor, HttpResponse response, CancellationToken cancellationToken)
    {
        try
        {
            return await unit.AsSystemAsync<Results<Created<BusinessResponse>, ProblemHttpResult>>(
                "create business", async (context, token) =>
                {
                    var business = new Business { Name = "", BusinessType = "", Greeting = "", SystemPrompt = "" };
                    body.ApplyTo(business);
                    context.Add(business);
                    await context.SaveAuditedAsync(actor, token);
                    EntityTag.Write(response, business.AgentVersion);
                    return TypedResults.Created($"/api/businesses/{business.Id}", BusinessResponse.Of(business));
                }, cancellationToken);
        }
        catch (DbUpdateException failure) when (BusinessProblems.NumberTaken(failure) is { } taken)
        {
            return taken;
        }
    }

    private static Task<Results<Ok<BusinessResponse>, ProblemHttpResult>> GetAsync(
        long businessId, UnitOfWork unit, HttpResponse response, CancellationToken cancellationToken) =>
        unit.ForBusinessAsync<Results<Ok<BusinessResponse>, ProblemHttpResult>>(businessId, async (context, token) =>
            await context.Businesses.AsNoTracking().SingleOrDefaultAsync(business => business.Id == businessId, token) is { } business
                ? Answer(business, response)
                : Problems.NotFound("business"), cancellationToken);

    private static async Task<Results<Ok<BusinessResponse>, ValidationProblem, ProblemHttpResult>> UpdateAsync(
        long businessId,
        BusinessRequest body,
        RequestValidator<BusinessRequest> validator,
        UnitOfWork unit,
        AuditActor actor,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        try
        {
            return await unit.ForBusinessAsync<Results<Ok<BusinessResponse>, ValidationProblem, ProblemHttpResult>>(
                businessId, async (context, token) =>
                {
                    if (await LockAsync(context, businessId, token) is not { } business)
                    {
                        return Problems.NotFound("business");
                    }

                    if (validator.FindProblem(body, business) is { } problem)
                    {
                        return problem;
                    }

                    if (!EntityTag.Matches(http.Request, business.AgentVersion, out var refusal))
                    {
                        return refusal;
                    }

                    body.ApplyTo(business);
                    await context.SaveAuditedAsync(actor, token);
                    return Answer(business, http.Response);
                }, cancellationToken);
        }
        catch (DbUpdateException failure) when (BusinessProblems.NumberTaken(failure) is { } taken)
        {
            return taken;
        }
    }

    private static Task<Results<Ok<BusinessResponse>, ProblemHttpResult>> ActivateAsync(
        long businessId, UnitOfWork unit, AuditActor actor, HttpResponse response, CancellationToken cancellationToken) =>
        SetActiveAsync(businessId, isActive: true, unit, actor, response, cancellationToken);

    private static Task<Results<Ok<BusinessResponse>, ProblemHttpResult>> DeactivateAsync(
        long businessId, UnitOfWork unit, AuditActor actor, HttpResponse response, CancellationToken cancellationToken) =>
        SetActiveAsync(businessId, isActive: false, unit, actor, response, cancellationToken);

    /// <summary>Says the wanted state, not a change to it, and so needs no entity tag.</summary>
    private static Task<Results<Ok<BusinessResponse>, ProblemHttpResult>> SetActiveAsync(
        long businessId, bool isActive, UnitOfWork unit, AuditActor actor, HttpResponse response, CancellationToken cancellationToken) =>
        unit.ForBusinessAsync<Results<Ok<BusinessResponse>, ProblemHttpResult>>(businessId, async (context, token) =>
        {
            if (await LockAsync(context, businessId, token) is not { } business)
            {
                return Problems.NotFound("business");
            }

            business.IsActive = isActive;
            await context.SaveAuditedAsync(actor, token);
            return Answer(business, response);
        }, cancellationToken);

    /// <summary>
    /// Removes the business and all that belongs to it, for good, its audit included, and has the WhatsApp service do the same. The
    /// log says who did it.
    /// </summary>
    private static async Task<Results<NoContent, ValidationProblem, ProblemHttpResult>> EraseAsync(
        long businessId,
        [FromQuery, Description("The business's name as it is now, so that no other is removed by mistake.")] string? confirm,
        UnitOfWork unit,
        CurrentAccount account,
        AuditLog audit,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var answer = await unit.AsSystemAsync<Results<NoContent, ValidationProblem, ProblemHttpResult>>(
            "erase business", async (context, token) =>
            {
                context.Database.SetCommandTimeout(WholeBusinessTimeout);
                if (await LockAsync(context, businessId, token) is not { } business)
                {
                    return Problems.NotFound("business");
                }

                if (confirm != business.Name)
                {
                    return Problems.Invalid("confirm", "It is not the name of the business. Give the name exactly as the business has it.");
                }

                context.Add(new WhatsAppErasure { BusinessId = businessId });
                await context.SaveChangesAsync(token);
                await context.Businesses.Where(other => other.Id == businessId).ExecuteDeleteAsync(token);
                return TypedResults.NoContent();
            }, cancellationToken);
        if (answer.Result is NoContent)
        {
            audit.BusinessErased(businessId, account.Id, ClientNetwork.Of(http));
        }

        return answer;
    }

    /// <summary>Locked, it cannot change after its version is read.</summary>
    private static Task<Business?> LockAsync(ProSaasDbContext context, long businessId, CancellationToken cancellationToken) =>
        context.Businesses.FromSql($"SELECT *, xmin FROM businesses WHERE id = {businessId} FOR NO KEY UPDATE")
            .SingleOrDefaultAsync(cancellationToken);

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
