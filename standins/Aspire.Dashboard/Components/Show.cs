using System.Globalization;

namespace Aspire.Dashboard.Components;

/// <summary>How times are written on the pages.</summary>
internal static class Show
{
    /// <summary>A time of today by its clock, else with its date, as the machine's own clock says it.</summary>
    public static string Time(DateTimeOffset time, TimeProvider clock)
    {
        var local = TimeZoneInfo.ConvertTime(time, clock.LocalTimeZone);
        return local.ToString(local.Date == clock.GetLocalNow().Date ? "HH:mm:ss.fff" : "yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
    }

    /// <summary>A duration in the unit that people would use.</summary>
    public static string Duration(TimeSpan duration) => duration switch
    {
        { Ticks: < 0 } => $"-{Duration(duration.Negate())}",
        { TotalMilliseconds: < 1 } => Write(duration.TotalMicroseconds, "0", "µs"),
        { TotalMilliseconds: < 10 } => Write(duration.TotalMilliseconds, "0.0", "ms"),
        { TotalSeconds: < 1 } => Write(duration.TotalMilliseconds, "0", "ms"),
        { TotalMinutes: < 1 } => Write(duration.TotalSeconds, "0.00", "s"),
        { TotalHours: < 1 } => $"{(int)duration.TotalMinutes} min {duration.Seconds} s",
        _ => $"{(int)duration.TotalHours} h {duration.Minutes} min",
    };

    /// <summary>A number of things, in the singular where it is one.</summary>
    public static string Count(int count, string thing) => $"{count.ToString("N0", CultureInfo.InvariantCulture)} {thing}{(count == 1 ? "" : "s")}";

    /// <summary>A share of a width for a style.</summary>
    public static string Percent(double share) => $"{(Math.Clamp(share, 0, 1) * 100).ToString("0.###", CultureInfo.InvariantCulture)}%";

    private static string Write(double value, string format, string unit) => $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}";
}
