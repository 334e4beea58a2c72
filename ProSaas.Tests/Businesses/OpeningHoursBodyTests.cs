using ProSaas.Api.Businesses;
using ProSaas.Api.Http;
using ProSaas.Data.Businesses;

namespace ProSaas.Tests.Businesses;

public sealed class OpeningHoursBodyTests
{
    [Fact]
    public void Hours_are_kept_in_the_order_they_were_given()
    {
        var (hours, errors) = Read(new("monday", "09:00", "18:00"), new("sunday", "16:00", "19:00"), new("sunday", "08:30", "13:00"));

        errors.ShouldBeEmpty();
        OpeningHoursBody.Of(hours).ShouldBe([new("monday", "09:00", "18:00"), new("sunday", "16:00", "19:00"), new("sunday", "08:30", "13:00")]);
    }

    [Theory]
    [InlineData("sunday", "22:00", "02:00", "monday", "02:00", "05:00")]
    [InlineData("saturday", "20:00", "08:00", "sunday", "08:00", "12:00")]
    [InlineData("sunday", "00:00", "00:00", "monday", "00:00", "00:00")]
    public void Periods_that_touch_do_not_overlap(string day, string opens, string closes, string otherDay, string otherOpens, string otherCloses) =>
        Read(new(day, opens, closes), new(otherDay, otherOpens, otherCloses)).Errors.ShouldBeEmpty();

    [Theory]
    [InlineData("sunday", "09:00", "13:00", "sunday", "12:59", "15:00")]
    [InlineData("sunday", "09:00", "13:00", "sunday", "09:00", "13:00")]
    [InlineData("sunday", "22:00", "02:00", "monday", "01:00", "05:00")]
    [InlineData("saturday", "20:00", "08:00", "sunday", "07:00", "12:00")]
    [InlineData("sunday", "07:00", "12:00", "saturday", "20:00", "08:00")]
    [InlineData("friday", "10:00", "10:00", "saturday", "09:59", "11:00")]
    public void Periods_that_overlap_are_told_at_the_second(string day, string opens, string closes, string otherDay, string otherOpens, string otherCloses) =>
        Read(new(day, opens, closes), new(otherDay, otherOpens, otherCloses)).Errors.Keys.ShouldBe(["openingHours[1]"]);

    [Theory]
    [InlineData("Sunday", "09:00", "18:00")]
    [InlineData("0", "09:00", "18:00")]
    [InlineData(null, "09:00", "18:00")]
    [InlineData("sunday", "9:00", "18:00")]
    [InlineData("sunday", "09:00", "24:00")]
    [InlineData("sunday", "09:00:30", "18:00")]
    [InlineData("sunday", null, "18:00")]
    [InlineData("ראשון", "09:00", "18:00")]
    public void Period_of_another_form_is_told_with_its_index(string? day, string? opens, string? closes) =>
        Read(new("monday", "09:00", "18:00"), new(day, opens, closes)).Errors.Keys.ShouldBe(["openingHours[1]"]);

    [Fact]
    public void Null_among_the_periods_is_an_error_of_its_own() => Read((OpeningPeriodBody?)null).Errors.Keys.ShouldBe(["openingHours[0]"]);

    [Fact]
    public void More_periods_than_the_limit_are_refused() =>
        Read([.. Enumerable.Repeat(new OpeningPeriodBody("sunday", "09:00", "10:00"), OpeningHoursBody.MaxPeriods + 1)]).Errors.Keys.ShouldBe(["openingHours"]);

    private static (OpeningHours Hours, IReadOnlyDictionary<string, string[]> Errors) Read(params OpeningPeriodBody?[] bodies)
    {
        var errors = new FieldErrors();
        return (OpeningHoursBody.Read("openingHours", bodies, errors), errors.All);
    }
}
