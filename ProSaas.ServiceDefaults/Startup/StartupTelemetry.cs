using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ProSaas.ServiceDefaults.Startup;

/// <summary>The source and meter of everything about starting.</summary>
public sealed class StartupTelemetry : IDisposable
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "ProSaas.Startup";

    private readonly Histogram<double> _duration;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _failures;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Where the meter belongs.</param>
    public StartupTelemetry(IMeterFactory meters)
    {
        Meter = meters.Create(Name);
        _duration = CreateDuration(Meter);
        _retries = Meter.CreateCounter<long>("prosaas.startup.retries", "{retry}", "Attempts of a phase after its first.");
        _failures = Meter.CreateCounter<long>(
            "prosaas.startup.failures", "{failure}", "Attempts of a phase that failed, and time limits passed.");
    }

    /// <summary>The activity source <see cref="Name"/>.</summary>
    public ActivitySource Source { get; } = new(Name);

    /// <summary>The meter <see cref="Name"/>, for a phase's own instruments.</summary>
    public Meter Meter { get; }

    /// <summary>Makes the histogram of the phases' durations in seconds, with buckets from 10 ms to 5 min.</summary>
    /// <param name="meter">The meter <see cref="Name"/>.</param>
    public static Histogram<double> CreateDuration(Meter meter) =>
        meter.CreateHistogram(
            "prosaas.startup.phase.duration",
            "s",
            "How long a phase took until it succeeded or was given up.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] });

    /// <inheritdoc />
    public void Dispose() => Source.Dispose();

    internal static string ErrorType(Exception exception) => exception.GetType().FullName ?? exception.GetType().Name;

    internal void RecordEnd(string phase, StartupPhaseState outcome, TimeSpan duration) =>
        _duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("phase", phase),
            new("outcome", outcome.ToString().ToLowerInvariant()));

    internal void RecordRetry(string phase) => _retries.Add(1, new KeyValuePair<string, object?>("phase", phase));

    internal void RecordFailure(string phase) => _failures.Add(1, new KeyValuePair<string, object?>("phase", phase));
}
