using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Data;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Agents;

/// <summary>Reads the active businesses, most recently active first, and their FAQ: two queries, however many there are.</summary>
internal sealed class WarmupSource(IServiceScopeFactory scopes, IOptions<AgentWarmupOptions> options)
{
    private const int AgentOverheadBytes = 4096;

    public async Task<IReadOnlyList<BusinessProfile>> ReadAsync(IReadOnlyCollection<long>? only, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var unitOfWork = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        return await unitOfWork.AsSystemAsync(
            "agent warmup",
            async (db, token) =>
            {
                var businesses = await ReadBusinessesAsync(db, only, token);
                var ids = businesses.ConvertAll(business => business.Id);
                var faq = await db.FaqEntries.AsNoTracking()
                    .Where(entry => ids.Contains(entry.BusinessId))
                    .OrderBy(entry => entry.Id)
                    .Select(entry => new { entry.BusinessId, Answer = new FaqAnswer(entry.Question, entry.Answer) })
                    .ToListAsync(token);
                var byBusiness = faq.ToLookup(entry => entry.BusinessId, entry => entry.Answer);
                return (IReadOnlyList<BusinessProfile>)businesses.ConvertAll(business => new BusinessProfile(business, [.. byBusiness[business.Id]]));
            },
            cancellationToken);
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
            FaqCharacters = db.FaqEntries.Where(entry => entry.BusinessId == business.Id).Sum(entry => entry.Question.Length + entry.Answer.Length),
        });

        var businesses = new List<Business>();
        var budget = options.Value.MemoryBudget;
        await foreach (var row in sized.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            budget -= EstimateBytes(row.Business, row.FaqCharacters);
            if (budget < 0)
            {
                break;
            }

            businesses.Add(row.Business);
        }

        return businesses;
    }

    private static long EstimateBytes(Business business, int faqCharacters)
    {
        var promptCharacters = business.SystemPrompt.Length + (business.WhatsappSystemPrompt?.Length ?? 0) + business.Greeting.Length;
        return 2 * (AgentOverheadBytes + (sizeof(char) * (long)(promptCharacters + faqCharacters)));
    }
}
