namespace ProSaas.Data.Businesses;

/// <summary>The weekly opening hours of a business, in its own time zone. Immutable, compared by value.</summary>
public sealed class OpeningHours : IEquatable<OpeningHours>
{
    public static readonly OpeningHours None = new([]);

    private readonly OpeningPeriod[] _periods;

    public OpeningHours(IEnumerable<OpeningPeriod> periods) => _periods = [.. periods];

    /// <summary>In the order they were given; a day may have several, a day without one is closed.</summary>
    public IReadOnlyList<OpeningPeriod> Periods => _periods;

    /// <param name="day">The day of the week in the business's time zone.</param>
    /// <param name="time">The time of day in the business's time zone.</param>
    public bool IsOpenAt(DayOfWeek day, TimeOnly time) => Array.Exists(_periods, period => period.Contains(day, time));

    public bool Equals(OpeningHours? other) => other is not null && _periods.AsSpan().SequenceEqual(other._periods);

    public override bool Equals(object? obj) => Equals(obj as OpeningHours);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var period in _periods)
        {
            hash.Add(period);
        }

        return hash.ToHashCode();
    }
}
