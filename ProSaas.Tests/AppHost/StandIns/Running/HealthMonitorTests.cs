using Aspire.Hosting.Running;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;

namespace ProSaas.Tests.AppHost.StandIns.Running;

/// <summary>How often a resource is looked at, on fake time.</summary>
public sealed class HealthMonitorTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<(double Second, HealthStatus Status, string? Reason)> _reports = [];
    private readonly List<double> _looks = [];
    private Func<HealthCheckResult> _check = () => HealthCheckResult.Unhealthy("not yet");

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task Resource_that_is_starting_is_looked_at_every_40_milliseconds()
    {
        await MonitorAsync(seconds: 10, stepMilliseconds: 40);

        Gaps().Count.ShouldBe(250);
        Gaps().ShouldAllBe(gap => Math.Abs(gap - 0.04) < 0.001);
    }

    [Fact]
    public async Task Resource_that_stays_unhealthy_is_looked_at_less_and_less_down_to_once_a_second()
    {
        await MonitorAsync(seconds: 60, stepMilliseconds: 20);

        var later = _looks.Where(second => second > 15.1).ToList();
        var gaps = later.Zip(later.Skip(1), (earlier, look) => Math.Round(look - earlier, 2)).ToList();
        gaps.ShouldBe(gaps.Order());
        gaps[^1].ShouldBe(1);
    }

    [Fact]
    public async Task Healthy_resource_is_looked_at_every_10_seconds()
    {
        _check = () => HealthCheckResult.Healthy();
        await MonitorAsync(seconds: 60, stepMilliseconds: 500);

        Gaps().ShouldBe([10, 10, 10, 10, 10, 10]);
    }

    [Fact]
    public async Task Each_change_is_reported_once_with_its_reason()
    {
        _check = () => Seconds switch
        {
            < 1 => HealthCheckResult.Unhealthy("not yet"),
            < 10 => HealthCheckResult.Healthy(),
            < 20 => HealthCheckResult.Unhealthy("lost"),
            _ => HealthCheckResult.Healthy(),
        };
        await MonitorAsync(seconds: 30, stepMilliseconds: 20);

        _reports.Select(report => (report.Status, report.Reason))
            .ShouldBe([(HealthStatus.Healthy, null), (HealthStatus.Unhealthy, "puppet_check: lost"), (HealthStatus.Healthy, null)]);
        _reports[0].Second.ShouldBeInRange(1, 1.06);
    }

    [Fact]
    public async Task Check_that_hangs_is_given_up_after_5_seconds()
    {
        await MonitorAsync(seconds: 6, stepMilliseconds: 20, async cancellationToken =>
        {
            var never = new TaskCompletionSource<HealthCheckResult>();
            await using var cancelled = cancellationToken.Register(() => never.SetCanceled(cancellationToken));
            return await never.Task;
        });

        Gaps().ShouldBe([5.04]);
    }

    [Fact]
    public async Task Check_that_throws_says_unhealthy()
    {
        _check = () => Seconds < 1 ? HealthCheckResult.Healthy() : throw new NotSupportedException("no\nsuch scheme");
        await MonitorAsync(seconds: 12, stepMilliseconds: 500);

        _reports[1].Reason.ShouldBe("puppet_check: no such scheme");
    }

    private double Seconds => (_time.GetUtcNow() - _time.Start).TotalSeconds;

    /// <summary>Monitors a resource for a while. Nothing but fake time passes: each step is done with when the next begins.</summary>
    private async Task MonitorAsync(double seconds, double stepMilliseconds, Func<CancellationToken, Task<HealthCheckResult>>? check = null)
    {
        check ??= _ => Task.FromResult(_check());
        var puppet = new Puppet("puppet");
        puppet.Annotations.Add(new HealthProbeAnnotation("puppet_check", (_, cancellationToken) =>
        {
            _looks.Add(Seconds);
            return check(cancellationToken);
        }));
        var monitoring = new HealthMonitor(_time).MonitorAsync(new ResourceInstance(puppet, "puppet"), (status, reason) => _reports.Add((Seconds, status, reason)), _stop.Token);
        while (Seconds < seconds)
        {
            _time.Advance(TimeSpan.FromMilliseconds(stepMilliseconds));
        }

        await _stop.CancelAsync();
        await monitoring;
    }

    private List<double> Gaps() => [.. _looks.Zip(_looks.Skip(1), (earlier, look) => Math.Round(look - earlier, 3))];
}
