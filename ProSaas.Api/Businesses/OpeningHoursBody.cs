using System.Globalization;
using ProSaas.Api.Http;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Businesses;

/// <summary>Opening hours between their JSON and the entity.</summary>
internal static class OpeningHoursBody
{
    public const int MaxPeriods = 50;

    private const string TimeFormat = "HH\\:mm";
    private const int MinutesADay = 24 * 60;
    private const int MinutesAWeek = 7 * MinutesADay;

    public static IReadOnlyList<OpeningPeriodBody> Of(OpeningHours hours) => [.. hours.Periods.Select(period => new OpeningPeriodBody(
        DayName(period.Day),
        period.Opens.ToString(TimeFormat, CultureInfo.InvariantCulture),
        period.Closes.ToString(TimeFormat, CultureInfo.InvariantCulture)))];

    /// <summary>Reads the periods, in the order they were given. Errors go to <paramref name="field"/> with the period's index.</summary>
    public static OpeningHours Read(string field, IReadOnlyList<OpeningPeriodBody?>? bodies, FieldErrors errors)
    {
        if (bodies is null)
        {
            return OpeningHours.None;
        }

        if (bodies.Count > MaxPeriods)
        {
            errors.Add(field, $"It has {bodies.Count} periods; at most {MaxPeriods} are allowed.");
            return OpeningHours.None;
        }

        var periods = new List<OpeningPeriod>();
        for (var index = 0; index < bodies.Count; index++)
        {
            if (Read(bodies[index]) is not { } period)
            {
                errors.Add($"{field}[{index}]", "It needs day (\"sunday\" to \"saturday\"), opens and closes (\"HH:mm\").");
            }
            else if (periods.Find(earlier => Overlap(earlier, period)) is { } other)
            {
                errors.Add($"{field}[{index}]", $"It overlaps {DayName(other.Day)} {other.Opens.ToString(TimeFormat, CultureInfo.InvariantCulture)}.");
            }
            else
            {
                periods.Add(period);
            }
        }

        return new OpeningHours(periods);
    }

    private static OpeningPeriod? Read(OpeningPeriodBody? body)
    {
        DayOfWeek? day = Enum.GetValues<DayOfWeek>().Where(day => DayName(day) == body?.Day).Select(day => (DayOfWeek?)day).FirstOrDefault();
        return day is { } found && ReadTime(body?.Opens) is { } opens && ReadTime(body?.Closes) is { } closes ? new OpeningPeriod(found, opens, closes) : null;
    }

    private static TimeOnly? ReadTime(string? text) =>
        TimeOnly.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <summary>Whether one of them starts while the other lasts, on the circle that a week is.</summary>
    private static bool Overlap(OpeningPeriod one, OpeningPeriod other) =>
        (Start(other) - Start(one) + MinutesAWeek) % MinutesAWeek < Length(one) || (Start(one) - Start(other) + MinutesAWeek) % MinutesAWeek < Length(other);

    private static int Start(OpeningPeriod period) => ((int)period.Day * MinutesADay) + (int)period.Opens.ToTimeSpan().TotalMinutes;

    private static int Length(OpeningPeriod period)
    {
        var minutes = (int)(period.Closes.ToTimeSpan() - period.Opens.ToTimeSpan()).TotalMinutes;
        return minutes > 0 ? minutes : minutes + MinutesADay;
    }

#pragma warning disable CA1308 // The names are lower-case in the API.
    private static string DayName(DayOfWeek day) => day.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
