using ProSaas.Api.Agents.Faq;
using ProSaas.Tests.Agents.Questions;

namespace ProSaas.Tests.Agents.Faq;

/// <summary>How good the search for an answer is. A wrong answer to a question that has none is worse than none to one that has.</summary>
public sealed class FaqSearchQualityTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(QuestionSet.Tuning, 34, 0)]
    [InlineData(QuestionSet.HeldOut, 33, 0)]
    [InlineData(QuestionSet.EverydayTuning, 32, 0)]
    [InlineData(QuestionSet.EverydayHeldOut, 42, 0)]
    public void Questions_are_answered_as_well_as_measured(string set, int right, int wrong)
    {
        var answers = QuestionSet.Read(set).SelectMany(Ask).ToList();

        var answerable = answers.Where(answer => answer.Asked.Entry is not null).ToList();
        var answeredRight = answerable.Count(answer => answer.Entry == answer.Asked.Entry);
        var answeredWrong = answers.Count(answer => answer.Entry is not null && answer.Entry != answer.Asked.Entry);
        output.WriteLine($"{set}: of {answerable.Count} with an answer {answeredRight} got it; of all {answers.Count}, {answeredWrong} got a wrong one");
        foreach (var answer in answers.Where(answer => answer.Entry != answer.Asked.Entry))
        {
            output.WriteLine($"'{answer.Asked.Text}': wanted {answer.Asked.Entry ?? "none"}, got {answer.Entry ?? "none"}");
        }

        answeredRight.ShouldBeGreaterThanOrEqualTo(right);
        answeredWrong.ShouldBeLessThanOrEqualTo(wrong);
    }

    private static IEnumerable<(AskedQuestion Asked, string? Entry)> Ask(AskedBusiness business)
    {
        var index = FaqIndex.Create([.. business.Faq.Select((entry, i) => new FaqEntryText(i, entry.Question, entry.Answer))], business.Name);
        return business.Questions.Select(asked => (asked, index.Find(asked.Text) is { } match ? business.Faq[(int)match.Id].Key : null));
    }
}
