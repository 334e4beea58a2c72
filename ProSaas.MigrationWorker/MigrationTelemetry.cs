using System.Diagnostics;
using System.Diagnostics.Metrics;
using ProSaas.ServiceDefaults;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.MigrationWorker;

/// <summary>The root span of the process, from its start to the end of its one phase, and how long that phase took.</summary>
internal sealed class MigrationTelemetry(IMeterFactory meters, TimeProvider time) : IDisposable
{
    private readonly ActivitySource _source = new(StartupTelemetry.Name);
    private readonly Histogram<double> _duration = StartupTelemetry.CreateDuration(meters.Create(StartupTelemetry.Name));

    /// <summary>Begins the run; it counts as failed unless <see cref="Run.Succeed"/> is called before it is disposed.</summary>
    public Run Begin()
    {
        var root = _source.StartActivity("startup", ActivityKind.Internal, default(ActivityContext), startTime: ServiceProcess.StartedAt);
        return new Run(root, _duration, time);
    }

    public void Dispose() => _source.Dispose();

    internal sealed class Run(Activity? root, Histogram<double> duration, TimeProvider time) : IDisposable
    {
        private readonly long _started = time.GetTimestamp();
        private bool _succeeded;

        public void Succeed() => _succeeded = true;

        public void Dispose()
        {
            duration.Record(
                time.GetElapsedTime(_started).TotalSeconds,
                new KeyValuePair<string, object?>("phase", "migrate"),
                new KeyValuePair<string, object?>("outcome", _succeeded ? "succeeded" : "failed"));
            if (!_succeeded)
            {
                root?.SetStatus(ActivityStatusCode.Error);
            }

            root?.Dispose();
        }
    }
}
