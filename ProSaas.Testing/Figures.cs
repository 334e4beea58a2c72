namespace ProSaas.Testing;

public static class Figures
{
    /// <summary>The smallest value that the given share of all values does not exceed.</summary>
    public static double Percentile(this IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
    }

    public static double Median(this IEnumerable<double> values) => values.Percentile(0.5);
}
