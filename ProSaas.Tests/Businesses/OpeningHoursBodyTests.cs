using ProSaas.Api.Businesses;

namespace ProSaas.Tests.Businesses;

public sealed class OpeningHoursBodyTests
{
    [Fact]
    public void Hours_are_kept_in_the_order_they_were_given()
    {
        OpeningPeriodBody[] periods =
            [new(DayOfWeek.Monday, "09:00", "18:00"), new(DayOfWeek.Sunday, "16:00", "19:00"), new(DayOfWeek.Sunday, "08:30", "13:00")];

        PathsOf(periods).ShouldBeEmpty();
        OpeningHoursBody.Of(OpeningHoursBody.ToHours(periods)).ShouldBe(
            [new(DayOfWeek.Monday, "09:00", "18:00"), new(DayOfWeek.Sunday, "16:00", "19:00"), new(DayOfWeek.Sunday, "08:30", "13:00")]);
    }

    [Theory]
    [InlineData(DayOfWeek.Sunday, "22:00", "02:00", DayOfWeek.Monday, "02:00", "05:00")]
    [InlineData(DayOfWeek.Saturday, "20:00", "08:00", DayOfWeek.Sunday, "08:00", "12:00")]
    [InlineData(DayOfWeek.Sunday, "00:00", "00:00", DayOfWeek.Monday, "00:00", "00:00")]
    public void Periods_that_touch_do_not_overlap(
        DayOfWeek day, string opens, string closes, DayOfWeek otherDay, string otherOpens, string otherCloses) =>
        PathsOf(new(day, opens, closes), new(otherDay, otherOpens, otherCloses)).ShouldBeEmpty();

    [Theory]
    [InlineData(DayOfWeek.Sunday, "09:00", "13:00", DayOfWeek.Sunday, "12:59", "15:00")]
    [InlineData(DayOfWeek.Sunday, "09:00", "13:00", DayOfWeek.Sunday, "09:00", "13:00")]
    [InlineData(DayOfWeek.Sunday, "22:00", "02:00", DayOfWeek.Monday, "01:00", "05:00")]
    [InlineData(DayOfWeek.Saturday, "20:00", "08:00", DayOfWeek.Sunday, "07:00", "12:00")]
    [InlineData(DayOfWeek.Sunday, "07:00", "12:00", DayOfWeek.Saturday, "20:00", "08:00")]
    [InlineData(DayOfWeek.Friday, "10:00", "10:00", DayOfWeek.Saturday, "09:59", "11:00")]
    public void Periods_that_overlap_are_told_at_the_second(
        DayOfWeek day, string opens, string closes, DayOfWeek otherDay, string otherOpens, string otherCloses) =>
        PathsOf(new(day, opens, closes), new(otherDay, otherOpens, otherCloses)).ShouldBe(["[1]"]);

    [Theory]
    [InlineData(null, "09:00", "18:00")]
    [InlineData(DayOfWeek.Sunday, "9:00", "18:00")]
    [InlineData(DayOfWeek.Sunday, "09:00", "24:00")]
    [InlineData(DayOfWeek.Sunday, "09:00:30", "18:00")]
    [InlineData(DayOfWeek.Sunday, null, "18:00")]
    public void Period_of_another_form_is_told_with_its_index(DayOfWeek? day, string? opens, string? closes) =>
        PathsOf(new(DayOfWeek.Monday, "09:00", "18:00"), new(day, opens, closes)).ShouldBe(["[1]"]);

    [Fact]
    public void Null_among_the_periods_is_an_error_of_its_own() => PathsOf((OpeningPeriodBody?)null).ShouldBe(["[0]"]);

    [Fact]
    public void More_periods_than_the_limit_are_refused() =>
        PathsOf([.. Enumerable.Repeat(new OpeningPeriodBody(DayOfWeek.Sunday, "09:00", "10:00"), OpeningHoursBody.MaxPeriods + 1)])
            .ShouldBe([""]);

    private static IEnumerable<string> PathsOf(params OpeningPeriodBody?[] bodies) =>
        OpeningHoursBody.FindErrors(bodies).Select(error => error.Path);
}
