using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>Looks at the health of a replica as long as it runs: often until it is healthy, then now and again.</summary>
internal sealed class HealthMonitor(TimeProvider time)
{
    /// <summary>How soon a resource that becomes healthy is seen to be.</summary>
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan KeenFor = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WhenHealthy = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The pause before the next look.</summary>
    /// <param name="last">The pause before this look.</param>
    /// <param name="healthy">What this look saw.</param>
    /// <param name="unhealthyFor">For how long it has not been healthy.</param>
    public static TimeSpan NextPause(TimeSpan last, bool healthy, TimeSpan unhealthyFor) =>
        healthy ? WhenHealthy
        : unhealthyFor < KeenFor || last > Longest ? First
        : last * 1.5 < Longest ? last * 1.5 : Longest;

    /// <summary>The health of a replica that has just been started: what has no check is well, the others have yet to show it.</summary>
    public static HealthStatus AtFirst(IResource resource) =>
        resource.Annotations.OfType<HealthProbeAnnotation>().Any() ? HealthStatus.Unhealthy : HealthStatus.Healthy;

    /// <summary>Reports the health of a replica each time it changes from what it was at first, until cancelled.</summary>
    public async Task MonitorAsync(ResourceInstance instance, Action<HealthStatus, string?> report, CancellationToken cancellationToken)
    {
        var probes = instance.Resource.Annotations.OfType<HealthProbeAnnotation>().ToList();
        if (probes.Count == 0)
        {
            return;
        }

        var known = AtFirst(instance.Resource);
        var pause = First;
        var unhealthySince = time.GetTimestamp();
        while (!cancellationToken.IsCancellationRequested)
        {
            var result = await ProbeAllAsync(probes, instance, cancellationToken);
            if (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            var healthy = result.Status == HealthStatus.Healthy;
            if (healthy)
            {
                unhealthySince = time.GetTimestamp();
            }

            if (result.Status != known)
            {
                report(result.Status, healthy ? null : result.Description);
                known = result.Status;
            }

            pause = NextPause(pause, healthy, time.GetElapsedTime(unhealthySince));
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<HealthCheckResult> ProbeAllAsync(List<HealthProbeAnnotation> probes, ResourceInstance instance, CancellationToken cancellationToken)
    {
        foreach (var probe in probes)
        {
            using var timeout = new CancellationTokenSource(ProbeTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                var result = await probe.Probe(instance, either.Token);
                if (result.Status != HealthStatus.Healthy)
                {
                    return HealthCheckResult.Unhealthy($"{probe.Key}: {result.Description}");
                }
            }
            catch (Exception exception)
            {
                // A check is anyone's code: whatever it throws says that the resource is not well.
                var reason = exception is OperationCanceledException ? $"no answer within {ProbeTimeout.TotalSeconds:0} s" : exception.Message.ReplaceLineEndings(" ");
                return HealthCheckResult.Unhealthy($"{probe.Key}: {reason}");
            }
        }

        return HealthCheckResult.Healthy();
    }
}
