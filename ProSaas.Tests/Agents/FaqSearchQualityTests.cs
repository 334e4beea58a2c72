using ProSaas.Tests.Agents.Questions;

namespace ProSaas.Tests.Agents;

/// <summary>How good the search for an answer is. A wrong answer to a question that has none is worse than none to one that has.</summary>
public sealed class FaqSearchQualityTests(PostgresFixture postgres, ITestOutputHelper output)
{
    [Fact]
    public Task Nine_of_ten_questions_get_their_entry_and_none_without_an_answer_gets_one() => EvaluateAsync(QuestionSet.Tuning, leastRight: 0.9, mostWrong: 0);

    [Fact]
    public Task Questions_that_it_was_not_tuned_on_are_answered_seven_times_of_ten_and_none_without_an_answer() => EvaluateAsync(QuestionSet.HeldOut, leastRight: 0.7, mostWrong: 0);

    private async Task EvaluateAsync(string set, double leastRight, int mostWrong)
    {
        await using var fixture = await QuestionSetFixture.CreateAsync(postgres, set);

        var answers = await fixture.AskAsync();

        var answerable = answers.Where(answer => answer.Asked.Entry is not null).ToList();
        var others = answers.Where(answer => answer.Asked.Entry is null).ToList();
        var right = answerable.Count(answer => answer.Entry == answer.Asked.Entry);
        var wrongEntry = answerable.Count(answer => answer.Entry is not null && answer.Entry != answer.Asked.Entry);
        var wrong = others.Count(answer => answer.Entry is not null);
        output.WriteLine($"{set}: of {answerable.Count} with an answer {right} got it and {wrongEntry} another; of {others.Count} without one {wrong} got one");
        foreach (var answer in answers.Where(answer => answer.Entry != answer.Asked.Entry))
        {
            output.WriteLine(answer.ToString());
        }

        wrong.ShouldBeLessThanOrEqualTo(mostWrong);
        ((double)right / answerable.Count).ShouldBeGreaterThanOrEqualTo(leastRight);
    }
}
