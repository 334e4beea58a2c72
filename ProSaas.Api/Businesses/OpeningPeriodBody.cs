namespace ProSaas.Api.Businesses;

/// <summary>A time of the week when a business is open, in its own time zone.</summary>
/// <param name="Day">The day it opens on.</param>
/// <param name="Opens">The first open minute, <c>HH:mm</c>.</param>
/// <param name="Closes">The first closed minute, <c>HH:mm</c>; not later than <paramref name="Opens"/> means on the next day,
/// equal means around the clock.</param>
internal sealed record OpeningPeriodBody(DayOfWeek? Day, string? Opens, string? Closes);
