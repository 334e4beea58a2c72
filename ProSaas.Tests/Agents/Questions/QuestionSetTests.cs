namespace ProSaas.Tests.Agents.Questions;

public sealed class QuestionSetTests
{
    [Theory]
    [InlineData(QuestionSet.Tuning)]
    [InlineData(QuestionSet.HeldOut)]
    public void Set_has_fifty_questions_half_of_them_Hebrew_and_fifteen_without_an_answer(string name)
    {
        var questions = QuestionSet.Read(name).SelectMany(business => business.Questions).ToList();

        questions.Count.ShouldBe(50);
        questions.Count(question => question.Text.Any(letter => letter is >= 'א' and <= 'ת')).ShouldBe(25);
        questions.Count(question => question.Entry is null).ShouldBe(15);
    }

    [Theory]
    [InlineData(QuestionSet.EverydayTuning)]
    [InlineData(QuestionSet.EverydayHeldOut)]
    public void Everyday_set_asks_six_businesses_in_every_way(string name)
    {
        var businesses = QuestionSet.Read(name);
        var questions = businesses.SelectMany(business => business.Questions).ToList();

        businesses.Count.ShouldBe(6);
        questions.Count.ShouldBe(68);
        questions.Select(question => question.Kind).Distinct()
            .ShouldBe(["direct", "paraphrase", "misspelling", "mixed", "none"], ignoreOrder: true);
    }

    [Theory]
    [InlineData(QuestionSet.Tuning)]
    [InlineData(QuestionSet.HeldOut)]
    [InlineData(QuestionSet.EverydayTuning)]
    [InlineData(QuestionSet.EverydayMore)]
    [InlineData(QuestionSet.EverydayHeldOut)]
    public void Question_names_an_entry_of_its_business(string name)
    {
        foreach (var business in QuestionSet.Read(name))
        {
            var keys = business.Faq.Select(entry => entry.Key).ToList();
            keys.ShouldBeUnique();
            business.Questions.Select(question => question.Entry).OfType<string>().ShouldBeSubsetOf(keys);
        }
    }
}
