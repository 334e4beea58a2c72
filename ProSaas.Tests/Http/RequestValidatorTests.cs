using FluentValidation;
using ProSaas.Api.Http;

namespace ProSaas.Tests.Http;

public sealed class RequestValidatorTests
{
    private const string Long = "123456789";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\n ")]
    public void Text_that_is_required_is_more_than_white_space(string? value) =>
        ErrorsOf(new(value, null, null))["name"].ShouldBe(["It is required."]);

    [Fact]
    public void Text_of_the_greatest_length_may_have_space_around_it() =>
        ErrorsOf(new("  מספרה 12  ", null, null)).ShouldBeEmpty();

    [Fact]
    public void Text_too_long_is_told_once_with_both_lengths() =>
        ErrorsOf(new(Long, null, null))["name"].ShouldBe(["It has 9 characters; at most 8 are allowed."]);

    [Theory]
    [InlineData("a\0b", false)]
    [InlineData("a\u001bb", false)]
    [InlineData("a\r\n\tb", true)]
    public void Text_has_no_control_character_but_those_of_layout(string value, bool allowed) =>
        ErrorsOf(new("name", value, null)).ContainsKey("note").ShouldBe(!allowed);

    [Fact]
    public void All_errors_are_told_at_once_by_the_path_of_the_member() =>
        ErrorsOf(new("", "\0", new(null))).Keys.ShouldBe(["name", "note", "voice.speakingDay"]);

    [Fact]
    public void Rule_may_compare_with_what_is_stored()
    {
        ErrorsOf(new("old", null, null), stored: "old")["name"].ShouldBe(["It is that already."]);
        ErrorsOf(new("new", null, null), stored: "old").ShouldBeEmpty();
        ErrorsOf(new("new", null, null)).ShouldBeEmpty();
    }

    [Fact]
    public void Problem_is_a_400_with_all_errors()
    {
        var problem = new TestValidator().FindProblem(new("", "\0", null)).ShouldNotBeNull();

        problem.StatusCode.ShouldBe(400);
        problem.ProblemDetails.Type.ShouldBe("urn:prosaas:problem:validation");
        problem.ProblemDetails.Errors.Keys.ShouldBe(["name", "note"]);
    }

    private static IDictionary<string, string[]> ErrorsOf(TestRequest request, object? stored = null) =>
        new TestValidator().FindErrors(request, stored);

    private sealed record TestRequest(string? Name, string? Note, TestVoice? Voice);

    private sealed record TestVoice(DayOfWeek? SpeakingDay);

    private sealed class TestValidator : RequestValidator<TestRequest>
    {
        public TestValidator()
        {
            RuleFor(request => request.Name).RequiredText(8)
                .Must((_, name, context) => name != Stored<string>(context)).WithMessage("It is that already.");
            RuleFor(request => request.Note).OptionalText(8);
            RuleFor(request => request.Voice!.SpeakingDay).RequiredName().When(request => request.Voice is not null);
        }
    }
}
