namespace ProSaas.Data.Businesses;

/// <summary>A time of one day of the week when a business is open.</summary>
/// <param name="Day">The day it opens on.</param>
/// <param name="Opens">The first open minute.</param>
/// <param name="Closes">
/// The first closed minute; not later than <paramref name="Opens"/> means on the next day, equal means around the clock.
/// </param>
public sealed record OpeningPeriod(DayOfWeek Day, TimeOnly Opens, TimeOnly Closes)
{
    internal bool Contains(DayOfWeek day, TimeOnly time) =>
        Closes > Opens
            ? day == Day && time >= Opens && time < Closes
            : (day == Day && time >= Opens) || (day == (DayOfWeek)(((int)Day + 1) % 7) && time < Closes);
}
