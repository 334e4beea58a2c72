using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.Api.Accounts;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Agents;

internal static class RewarmEndpoint
{
    private const string KeyHeader = "X-Rewarm-Key";
    private const string KeySetting = "Startup:RewarmKey";

    public static void MapRewarm(this WebApplication app)
    {
        var isDevelopment = app.Environment.IsDevelopment() && !app.Services.GetRequiredService<ProductionEnvironment>().IsProduction;
        var key = isDevelopment ? app.Configuration[KeySetting] : null;
        app.MapPost("/api/startup/rewarm", RewarmAsync)
            .WithTags("Agents")
            .WithSummary("Reads all businesses again and makes their agents anew, in the replica that answers")
            .RequireSystemAdminOr(request => IsKey(request, key))
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);
    }

    private static async Task<Ok<RewarmResponse>> RewarmAsync(
        BusinessWarmer warmer, AgentRefresh refresh, WarmupProgress progress, TimeProvider time, ILogger<AgentWarmup> logger, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        refresh.AddCold(await warmer.WarmAllAsync(remake: true, found: null, ct));
        var (count, seconds) = (progress.Current, time.GetElapsedTime(started).TotalSeconds);
        Log.Rewarmed(logger, count.WarmAgents, seconds);
        return TypedResults.Ok(new RewarmResponse(count.Businesses, count.WantedAgents, count.WarmAgents, Math.Round(seconds, 3)));
    }

    private static bool IsKey(HttpRequest request, string? key)
        => key is { Length: > 0 } && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers[KeyHeader].ToString()), Encoding.UTF8.GetBytes(key));
}
