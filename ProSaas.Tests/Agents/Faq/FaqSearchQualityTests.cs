using ProSaas.Api.Agents.Faq;
using ProSaas.Tests.Agents.Questions;

namespace ProSaas.Tests.Agents.Faq;

/// <summary>How good the search for an answer is. A wrong answer to a question that has none is worse than none to one that has.</summary>
public sealed class FaqSearchQualityTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(QuestionSet.Tuning, 35, 0)]
    [InlineData(QuestionSet.HeldOut, 34, 0)]
    [InlineData(QuestionSet.EverydayTuning, 49, 0)]
    [InlineData(QuestionSet.EverydayMore, 54, 0)]
    [InlineData(QuestionSet.NearMisses, 0, 5)]
    [InlineData(QuestionSet.EverydayHeldOut, 45, 0)]
    public void Questions_are_answered_as_well_as_measured(string set, int right, int wrong)
    {
        var answers = QuestionSet.Read(set).SelectMany(Ask).ToList();

        var answerable = answers.Where(answer => answer.Asked.Entry is not null).ToList();
        var answeredRight = answerable.Count(answer => answer.Entry == answer.Asked.Entry);
        var answeredWrong = answers.Count(answer => answer.Entry is not null && answer.Entry != answer.Asked.Entry);
        output.WriteLine($"{set}: {answeredRight} of {answerable.Count} right, {answeredWrong} of all {answers.Count} wrong");
        foreach (var answer in answers.Where(answer => answer.Entry != answer.Asked.Entry))
        {
            output.WriteLine($"'{answer.Asked.Text}': wanted {answer.Asked.Entry ?? "none"}, got {answer.Entry ?? "none"}");
        }

        answeredRight.ShouldBeGreaterThanOrEqualTo(right);
        answeredWrong.ShouldBeLessThanOrEqualTo(wrong);
    }

    private static IEnumerable<(AskedQuestion Asked, string? Entry)> Ask(AskedBusiness business)
    {
        var entries = business.Faq.Select((entry, i) => new FaqEntryText(i, entry.Question, entry.Answer));
        var index = FaqIndex.Create([.. entries], business.Name);
        return business.Questions.Select(asked => (asked, index.Find(asked.Text) is { } match ? business.Faq[(int)match.Id].Key : null));
    }
}
