using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Data;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Agents;

/// <summary>Reads the active businesses, most recently active first, and their FAQ: two queries, however many there are.</summary>
internal sealed class WarmupSource(IServiceScopeFactory scopes, IOptions<AgentWarmupOptions> options, ILogger<WarmupSource> logger)
{
    private const int AgentOverheadBytes = 4096;

    /// <summary>One attempt, without retries.</summary>
    /// <param name="only">The keys to look for among the active businesses; null means all of them.</param>
    public async Task<IReadOnlyList<BusinessProfile>> ReadAsync(IReadOnlyCollection<long>? only, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var unitOfWork = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        var attempt = new SingleAttempt(scope.ServiceProvider.GetRequiredService<ProSaasDbContext>());
        return await attempt.ExecuteAsync(
            token => unitOfWork.AsSystemAsync("agent warmup", (db, inner) => ReadAsync(db, only, inner), token),
            cancellationToken);
    }

    private async Task<IReadOnlyList<BusinessProfile>> ReadAsync(ProSaasDbContext db, IReadOnlyCollection<long>? only, CancellationToken cancellationToken)
    {
        var businesses = await ReadBusinessesAsync(db, only, cancellationToken);
        var ids = businesses.ConvertAll(business => business.Id);
        var faq = await db.FaqEntries.AsNoTracking()
            .Where(entry => ids.Contains(entry.BusinessId))
            .OrderBy(entry => entry.Id)
            .Select(entry => new { entry.BusinessId, Answer = new FaqAnswer(entry.Question, entry.Answer) })
            .ToListAsync(cancellationToken);
        var byBusiness = faq.ToLookup(entry => entry.BusinessId, entry => entry.Answer);
        return businesses.ConvertAll(business => new BusinessProfile(business, [.. byBusiness[business.Id]]));
    }

    private async Task<List<Business>> ReadBusinessesAsync(ProSaasDbContext db, IReadOnlyCollection<long>? only, CancellationToken cancellationToken)
    {
        var query = db.Businesses.AsNoTracking()
            .Where(business => business.IsActive && (business.CallsEnabled || business.WhatsappEnabled));
        if (only is not null)
        {
            query = query.Where(business => only.Contains(business.Id));
        }

        query = query.OrderByDescending(business => business.LastActivityAt.HasValue).ThenByDescending(business => business.LastActivityAt).ThenBy(business => business.Id);
        if (options.Value.MaxBusinesses > 0)
        {
            query = query.Take(options.Value.MaxBusinesses);
        }

        var sized = query.Select(business => new
        {
            Business = business,
            FaqCharacters = db.FaqEntries.Where(entry => entry.BusinessId == business.Id).Sum(entry => (long)(entry.Question.Length + entry.Answer.Length)),
        });

        var businesses = new List<Business>();
        var leftOut = 0;
        var budget = options.Value.MemoryBudget;
        await foreach (var row in sized.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            // One that is too large leaves its room to those after it.
            var size = EstimateBytes(row.Business, row.FaqCharacters);
            if (size > budget)
            {
                leftOut++;
                continue;
            }

            budget -= size;
            businesses.Add(row.Business);
        }

        if (leftOut > 0)
        {
            Log.OverBudget(logger, leftOut, options.Value.MemoryBudget);
        }

        return businesses;
    }

    private static long EstimateBytes(Business business, long faqCharacters)
    {
        var promptCharacters = business.SystemPrompt.Length + (business.WhatsappSystemPrompt?.Length ?? 0) + business.Greeting.Length;
        return 2 * (AgentOverheadBytes + (sizeof(char) * (promptCharacters + faqCharacters)));
    }
}
