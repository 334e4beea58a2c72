using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Budgets;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Auditing;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Businesses;

internal static class FaqEndpoints
{
    /// <summary>All of them go into each agent's prompt.</summary>
    public const int MaxEntries = 500;

    public static void MapFaq(this RouteGroupBuilder business)
    {
        var faq = business.MapGroup("/faq").RequireBusinessMember();
        faq.MapGet("/", ListAsync).WithBudget(RequestKind.List);
        faq.MapPost("/", CreateAsync).WithValidation<FaqEntryRequest>().WithProblems(ProblemTypes.FaqFull);
        faq.MapGet("/{entryId:long}", GetAsync);
        faq.MapPut("/{entryId:long}", UpdateAsync)
            .WithProblems(ProblemTypes.Validation, ProblemTypes.ChangedMeanwhile, ProblemTypes.IfMatchRequired);
        faq.MapDelete("/{entryId:long}", DeleteAsync);
    }

    /// <summary>All entries: there are few.</summary>
    private static Task<Ok<Page<FaqEntryResponse>>> ListAsync(long businessId, UnitOfWork unit, CancellationToken cancellationToken) =>
        unit.ForBusinessAsync(businessId, async (context, token) =>
        {
            var entries = await context.FaqEntries.AsNoTracking()
                .Where(entry => entry.BusinessId == businessId)
                .OrderBy(entry => entry.Position).ThenBy(entry => entry.Id)
                .ToListAsync(token);
            return TypedResults.Ok(new Page<FaqEntryResponse>(entries.ConvertAll(FaqEntryResponse.Of), NextCursor: null));
        }, cancellationToken);

    private static Task<Results<Created<FaqEntryResponse>, ProblemHttpResult>> CreateAsync(
        long businessId,
        FaqEntryRequest body,
        UnitOfWork unit,
        AuditActor actor,
        HttpResponse response,
        CancellationToken cancellationToken) =>
        unit.ForBusinessAsync<Results<Created<FaqEntryResponse>, ProblemHttpResult>>(businessId, async (context, token) =>
        {
            // Locked, so that entries made at once are counted one after the other.
            if (!await BusinessLock.TakeAsync(context, businessId, token))
            {
                return Problems.NotFound("business");
            }

            if (await context.FaqEntries.CountAsync(other => other.BusinessId == businessId, token) >= MaxEntries)
            {
                return ProblemTypes.FaqFull.Because(
                    $"A business has at most {MaxEntries} entries. Remove one, or write the answer into another.");
            }

            var entry = new FaqEntry { BusinessId = businessId, Question = "", Answer = "" };
            body.ApplyTo(entry);
            context.Add(entry);
            await context.SaveAuditedAsync(actor, token);
            EntityTag.Write(response, entry.RowVersion);
            return TypedResults.Created($"/api/businesses/{businessId}/faq/{entry.Id}", FaqEntryResponse.Of(entry));
        }, cancellationToken);

    private static Task<Results<Ok<FaqEntryResponse>, ProblemHttpResult>> GetAsync(
        long businessId, long entryId, UnitOfWork unit, HttpResponse response, CancellationToken cancellationToken) =>
        unit.ForBusinessAsync<Results<Ok<FaqEntryResponse>, ProblemHttpResult>>(businessId, async (context, token) =>
            await context.FaqEntries.AsNoTracking()
                .SingleOrDefaultAsync(entry => entry.BusinessId == businessId && entry.Id == entryId, token) is { } entry
                ? Answer(entry, response)
                : Problems.NotFound("FAQ entry"), cancellationToken);

    private static Task<Results<Ok<FaqEntryResponse>, ValidationProblem, ProblemHttpResult>> UpdateAsync(
        long businessId,
        long entryId,
        FaqEntryRequest body,
        RequestValidator<FaqEntryRequest> validator,
        UnitOfWork unit,
        AuditActor actor,
        HttpContext http,
        CancellationToken cancellationToken) =>
        unit.ForBusinessAsync<Results<Ok<FaqEntryResponse>, ValidationProblem, ProblemHttpResult>>(businessId, async (context, token) =>
        {
            if (await LockAsync(context, businessId, entryId, token) is not { } entry)
            {
                return Problems.NotFound("FAQ entry");
            }

            if (validator.FindProblem(body, entry) is { } problem)
            {
                return problem;
            }

            if (!EntityTag.Matches(http.Request, entry.RowVersion, out var refusal))
            {
                return refusal;
            }

            body.ApplyTo(entry);
            await context.SaveAuditedAsync(actor, token);
            return Answer(entry, http.Response);
        }, cancellationToken);

    private static Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        long businessId, long entryId, UnitOfWork unit, AuditActor actor, CancellationToken cancellationToken) =>
        unit.ForBusinessAsync<Results<NoContent, ProblemHttpResult>>(businessId, async (context, token) =>
        {
            if (await LockAsync(context, businessId, entryId, token) is not { } entry)
            {
                return Problems.NotFound("FAQ entry");
            }

            context.Remove(entry);
            await context.SaveAuditedAsync(actor, token);
            return TypedResults.NoContent();
        }, cancellationToken);

    /// <summary>Locked, it cannot change after its version is read.</summary>
    private static Task<FaqEntry?> LockAsync(
        ProSaasDbContext context, long businessId, long entryId, CancellationToken cancellationToken) =>
        context.FaqEntries.FromSql($"SELECT *, xmin FROM faq_entries WHERE business_id = {businessId} AND id = {entryId} FOR UPDATE")
            .SingleOrDefaultAsync(cancellationToken);

    private static Ok<FaqEntryResponse> Answer(FaqEntry entry, HttpResponse response)
    {
        EntityTag.Write(response, entry.RowVersion);
        return TypedResults.Ok(FaqEntryResponse.Of(entry));
    }
}
