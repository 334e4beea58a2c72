using Microsoft.EntityFrameworkCore;
using ProSaas.Data.Businesses;

namespace ProSaas.Tests.Data;

public sealed class OpeningHoursTests(PostgresFixture postgres)
{
    private static readonly OpeningHours Hours = new(
    [
        new(DayOfWeek.Sunday, new(9, 0), new(18, 0)),
        new(DayOfWeek.Saturday, new(20, 0), new(2, 30)),
        new(DayOfWeek.Tuesday, new(0, 0), new(0, 0)),
    ]);

    [Theory]
    [InlineData(DayOfWeek.Sunday, "08:59", false)]
    [InlineData(DayOfWeek.Sunday, "09:00", true)]
    [InlineData(DayOfWeek.Sunday, "17:59", true)]
    [InlineData(DayOfWeek.Sunday, "18:00", false)]
    [InlineData(DayOfWeek.Saturday, "01:00", false)]
    [InlineData(DayOfWeek.Saturday, "23:59", true)]
    [InlineData(DayOfWeek.Sunday, "02:29", true)]
    [InlineData(DayOfWeek.Sunday, "02:30", false)]
    [InlineData(DayOfWeek.Tuesday, "00:00", true)]
    [InlineData(DayOfWeek.Tuesday, "23:59", true)]
    [InlineData(DayOfWeek.Wednesday, "00:00", false)]
    public void Opening_is_the_first_open_minute_and_closing_the_first_closed_one(DayOfWeek day, string time, bool open) =>
        Hours.IsOpenAt(day, TimeOnly.ParseExact(time, "HH:mm", null)).ShouldBe(open);

    [Fact]
    public void Json_names_days_in_lower_case() =>
        OpeningHoursConverter.ToJson(new([new(DayOfWeek.Friday, new(8, 0), new(13, 0))]))
            .ShouldBe("""[{"day":"friday","opens":"08:00:00","closes":"13:00:00"}]""");

    [Fact]
    public async Task Hours_survive_the_database_and_a_change_is_seen()
    {
        await using var data = new DataServices(Database.AsApp(await postgres.CreateMigratedAsync(seed: true)));

        await data.ForBusinessAsync(1, async (context, token) =>
        {
            (await context.Businesses.SingleAsync(token)).OpeningHours = Hours;
            return await context.SaveChangesAsync(token);
        });

        (await data.ForBusinessAsync(1, (context, token) => context.Businesses.Select(b => b.OpeningHours).SingleAsync(token)))
            .ShouldBe(Hours);
        (await data.ForBusinessAsync(
            2, (context, token) => context.Businesses.Select(b => b.OpeningHours).SingleAsync(token))).Periods.Count.ShouldBe(6);
    }
}
