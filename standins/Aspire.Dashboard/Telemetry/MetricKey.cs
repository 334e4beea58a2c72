namespace Aspire.Dashboard.Telemetry;

/// <summary>What a value of a metric is of.</summary>
internal readonly struct MetricKey(MetricValue value) : IEquatable<MetricKey>
{
    private readonly MetricValue _value = value;

    public bool Equals(MetricKey other) =>
        _value.Scope == other._value.Scope && _value.Name == other._value.Name && _value.Attributes.SequenceEqual(other._value.Attributes);

    public override bool Equals(object? obj) => obj is MetricKey other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(_value.Scope, StringComparer.Ordinal);
        hash.Add(_value.Name, StringComparer.Ordinal);
        foreach (var attribute in _value.Attributes)
        {
            hash.Add(attribute);
        }

        return hash.ToHashCode();
    }
}
