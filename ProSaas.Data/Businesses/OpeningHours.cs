namespace ProSaas.Data.Businesses;

/// <summary>The weekly opening hours of a business, in its own time zone. Immutable, compared by value.</summary>
public sealed class OpeningHours : IEquatable<OpeningHours>
{
    public static readonly OpeningHours None = new([]);

    private readonly Lazy<OpeningPeriod[]> _periods;

    public OpeningHours(IEnumerable<OpeningPeriod> periods) => _periods = new([.. periods]);

    /// <summary>Hours that are parsed on first use: a row of one business that is not valid must not spoil a query for many.</summary>
    internal OpeningHours(Func<OpeningPeriod[]> read) => _periods = new(read);

    /// <summary>In the order they were given; a day may have several, a day without one is closed.</summary>
    /// <exception cref="System.Text.Json.JsonException">What is stored is not a list of periods.</exception>
    public IReadOnlyList<OpeningPeriod> Periods => _periods.Value;

    /// <param name="day">The day of the week in the business's time zone.</param>
    /// <param name="time">The time of day in the business's time zone.</param>
    public bool IsOpenAt(DayOfWeek day, TimeOnly time) => Array.Exists(_periods.Value, period => period.Contains(day, time));

    public bool Equals(OpeningHours? other) => other is not null && _periods.Value.AsSpan().SequenceEqual(other._periods.Value);

    public override bool Equals(object? obj) => Equals(obj as OpeningHours);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var period in _periods.Value)
        {
            hash.Add(period);
        }

        return hash.ToHashCode();
    }
}
