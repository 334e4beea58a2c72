using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.Api.Accounts;
using ProSaas.Api.Http;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Agents;

internal static class RewarmEndpoint
{
    private const string KeyHeader = "X-Rewarm-Key";
    private const string KeySetting = "Startup:RewarmKey";

    public static void MapRewarm(this WebApplication app)
    {
        var isDevelopment = app.Environment.IsDevelopment() && !app.Services.GetRequiredService<ProductionEnvironment>().IsProduction;
        var key = new SharedSecret(isDevelopment ? app.Configuration[KeySetting] : null);
        app.MapPost("/api/startup/rewarm", RewarmAsync)
            .WithTags("Agents")
            .WithSummary("Reads all businesses again and makes their agents anew, in the replica that answers")
            .RequireSystemAdminOr(request => key.Is(request.Headers[KeyHeader]));
    }

    private static async Task<Ok<RewarmResponse>> RewarmAsync(
        BusinessWarmer warmer,
        AgentRefresh refresh,
        WarmupProgress progress,
        TimeProvider time,
        ILogger<AgentWarmup> logger,
        CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        refresh.AddCold(await warmer.WarmAllAsync(remake: true, found: null, cancellationToken));
        var (count, seconds) = (progress.Current, time.GetElapsedTime(started).TotalSeconds);
        Log.Rewarmed(logger, count.WarmAgents, seconds);
        return TypedResults.Ok(new RewarmResponse(count.Businesses, count.WantedAgents, count.WarmAgents, Math.Round(seconds, 3)));
    }
}
