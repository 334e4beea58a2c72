using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Aspire.Hosting;

/// <summary>
/// Healthy when the resource takes connections. A check that comes while PostgreSQL starts waits for it:
/// Aspire would ask again only after a second, then after two, and whoever waits for the resource would wait as long.
/// </summary>
internal sealed class LocalPostgresHealthCheck(IResourceWithConnectionString resource, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(await LocalPostgresConnection.StringAsync(resource, cancellationToken));
                await connection.OpenAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (NpgsqlException exception)
            {
                if (time.GetElapsedTime(started) > LongestWait)
                {
                    return HealthCheckResult.Unhealthy(exception.Message);
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
