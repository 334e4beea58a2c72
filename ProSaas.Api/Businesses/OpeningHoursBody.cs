using System.Globalization;
using ProSaas.Data;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Businesses;

/// <summary>Opening hours between their JSON and the entity.</summary>
internal static class OpeningHoursBody
{
    public const int MaxPeriods = 50;

    private const string TimeFormat = "HH\\:mm";
    private const int MinutesADay = 24 * 60;
    private const int MinutesAWeek = 7 * MinutesADay;

    public static IReadOnlyList<OpeningPeriodBody> Of(OpeningHours hours) =>
        [.. hours.Periods.Select(period => new OpeningPeriodBody(period.Day, Format(period.Opens), Format(period.Closes)))];

    /// <summary>The periods, in the order they were given; they are valid.</summary>
    public static OpeningHours ToHours(IEnumerable<OpeningPeriodBody?> bodies) => new([.. bodies.Select(body => Read(body)!)]);

    /// <summary>What is wrong with them, with the path below the list: <c>[2]</c> for the third period.</summary>
    public static IEnumerable<(string Path, string Error)> FindErrors(IReadOnlyList<OpeningPeriodBody?> bodies)
    {
        if (bodies.Count > MaxPeriods)
        {
            yield return ("", $"It has {bodies.Count} periods; at most {MaxPeriods} are allowed.");
            yield break;
        }

        var periods = new List<OpeningPeriod>();
        for (var index = 0; index < bodies.Count; index++)
        {
            if (Read(bodies[index]) is not { } period)
            {
                yield return ($"[{index}]", "It needs day (\"sunday\" to \"saturday\"), opens and closes (\"HH:mm\").");
            }
            else if (periods.Find(earlier => Overlap(earlier, period)) is { } other)
            {
                yield return ($"[{index}]", $"It overlaps {EnumNames.Of(other.Day)} {Format(other.Opens)}.");
            }
            else
            {
                periods.Add(period);
            }
        }
    }

    private static OpeningPeriod? Read(OpeningPeriodBody? body) =>
        body?.Day is { } day && ReadTime(body.Opens) is { } opens && ReadTime(body.Closes) is { } closes
            ? new OpeningPeriod(day, opens, closes)
            : null;

    private static TimeOnly? ReadTime(string? text) =>
        TimeOnly.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    private static string Format(TimeOnly time) => time.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Whether one of them starts while the other lasts, on the circle that a week is.</summary>
    private static bool Overlap(OpeningPeriod one, OpeningPeriod other) =>
        (Start(other) - Start(one) + MinutesAWeek) % MinutesAWeek < Length(one)
            || (Start(one) - Start(other) + MinutesAWeek) % MinutesAWeek < Length(other);

    private static int Start(OpeningPeriod period) => ((int)period.Day * MinutesADay) + (int)period.Opens.ToTimeSpan().TotalMinutes;

    private static int Length(OpeningPeriod period)
    {
        var minutes = (int)(period.Closes.ToTimeSpan() - period.Opens.ToTimeSpan()).TotalMinutes;
        return minutes > 0 ? minutes : minutes + MinutesADay;
    }
}
