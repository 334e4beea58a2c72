using ProSaas.Api.Http;

namespace ProSaas.Tests.Http;

public sealed class FieldErrorsTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\n ")]
    public void Text_that_is_required_is_more_than_white_space(string? value)
    {
        var errors = new FieldErrors();

        errors.Required("name", value, maxLength: 10).ShouldBe("");

        errors.All["name"].ShouldBe(["It is required."]);
    }

    [Fact]
    public void Text_of_the_greatest_length_is_kept_without_the_space_around_it()
    {
        var errors = new FieldErrors();

        errors.Required("name", "  מספרה 12  ", maxLength: 8).ShouldBe("מספרה 12");

        errors.Any.ShouldBeFalse();
    }

    [Fact]
    public void Text_too_long_is_told_once_with_both_lengths()
    {
        var errors = new FieldErrors();

        errors.Required("name", "123456789", maxLength: 8).ShouldBe("");

        errors.All["name"].ShouldBe(["It has 9 characters; at most 8 are allowed."]);
    }

    [Theory]
    [InlineData("a\0b", false)]
    [InlineData("a\u001bb", false)]
    [InlineData("a\r\n\tb", true)]
    public void Text_has_no_control_character_but_those_of_layout(string value, bool allowed)
    {
        var errors = new FieldErrors();

        (errors.Optional("name", value, maxLength: 8) is not null).ShouldBe(allowed);

        errors.Any.ShouldBe(!allowed);
    }

    [Fact]
    public void Problem_names_each_field()
    {
        var errors = new FieldErrors();
        errors.Add("name", "It is required.");
        errors.Add("voice.speakingRate", "It is 9.");

        var problem = errors.ToProblem();

        problem.StatusCode.ShouldBe(400);
        problem.ProblemDetails.Type.ShouldBe("urn:prosaas:problem:validation");
        problem.ProblemDetails.Errors.Keys.ShouldBe(["name", "voice.speakingRate"]);
    }
}
