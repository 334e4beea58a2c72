using ProSaas.Data.Businesses;
using ProSaas.Data.Faq;
using ProSaas.Tests.Data;

namespace ProSaas.Tests.Agents.Questions;

/// <summary>The businesses of a question set in a database, and what the search finds for their customers.</summary>
internal sealed class QuestionSetFixture : IAsyncDisposable
{
    private readonly DataServices _data;
    private readonly Dictionary<long, string> _keys = [];
    private readonly List<(AskedBusiness Business, long Id)> _businesses = [];

    private QuestionSetFixture(DataServices data) => _data = data;

    public static async Task<QuestionSetFixture> CreateAsync(PostgresFixture postgres, string set)
    {
        var fixture = new QuestionSetFixture(new DataServices(Database.AsApp(await postgres.CreateMigratedAsync())));
        foreach (var business in QuestionSet.Read(set))
        {
            await fixture.AddAsync(business);
        }

        return fixture;
    }

    public async Task<IReadOnlyList<Answered>> AskAsync()
    {
        var answers = new List<Answered>();
        foreach (var (business, id) in _businesses)
        {
            foreach (var question in business.Questions)
            {
                var ct = TestContext.Current.CancellationToken;
                var (found, ranking) = await _data.InScopeAsync(async (work, _) => (
                    await FaqSearch.FindAsync(work, id, question.Text, ct),
                    await FaqSearch.RankAsync(work, id, FaqTerms.Of(question.Text), ct)));
                answers.Add(new Answered(question, found is null ? null : _keys[found.Id], string.Join(", ", ranking.Select(match => $"{_keys[match.Id]} {match.Score:0.00}"))));
            }
        }

        return answers;
    }

    public ValueTask DisposeAsync() => _data.DisposeAsync();

    private Task<int> AddAsync(AskedBusiness asked) => _data.AsSystemAsync(async (context, ct) =>
    {
        var business = new Business { Name = asked.Name, BusinessType = "business", Greeting = "", SystemPrompt = "", Language = asked.Language };
        context.Add(business);
        await context.SaveChangesAsync(ct);
        var entries = asked.Faq.Select(entry => new FaqEntry { BusinessId = business.Id, Question = entry.Question, Answer = entry.Answer }).ToList();
        context.AddRange(entries);
        await context.SaveChangesAsync(ct);
        _businesses.Add((asked, business.Id));
        foreach (var (entry, key) in entries.Zip(asked.Faq.Select(entry => entry.Key)))
        {
            _keys.Add(entry.Id, key);
        }

        return 0;
    });
}

/// <param name="Entry">The key of the entry found; null when none was.</param>
/// <param name="Ranking">The best entries with their scores.</param>
internal sealed record Answered(AskedQuestion Asked, string? Entry, string Ranking)
{
    public override string ToString() => $"'{Asked.Text}': wanted {Asked.Entry ?? "none"}, got {Entry ?? "none"} of [{Ranking}]";
}
