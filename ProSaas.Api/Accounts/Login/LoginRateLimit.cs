using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using ProSaas.Api.Http;

namespace ProSaas.Api.Accounts.Login;

/// <summary>
/// Bounds how often one client may try to log in, whatever it tries. Each endpoint counts for itself, and a device that has
/// logged in before counts apart from its network.
/// </summary>
internal static class LoginRateLimit
{
    /// <summary>For requests with a password or a set-up code.</summary>
    public const string Policy = "login";

    public const string RefreshPolicy = "refresh";

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static void AddLoginRateLimit(this IServiceCollection services)
    {
        services.AddRateLimiter(limiter =>
        {
            limiter.OnRejected = RejectAsync;
            limiter.AddPolicy(Policy, context => PartitionOf(
                context, context.RequestServices.GetRequiredService<KnownDevices>().Find(context)?.Id.ToString()));
            limiter.AddPolicy(RefreshPolicy, context => PartitionOf(context, device: null));
        });
    }

    private static RateLimitPartition<string> PartitionOf(HttpContext context, string? device) =>
        RateLimitPartition.GetFixedWindowLimiter(
            $"{context.GetEndpoint()?.DisplayName} {device ?? ClientNetwork.Of(context)}",
            _ => new FixedWindowRateLimiterOptions { PermitLimit = LimitOf(context), Window = Window });

    private static int LimitOf(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<LoginOptions>>().Value;
        return context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is RefreshPolicy
            ? options.RefreshesPerAddress
            : options.AttemptsPerAddress;
    }

    private static async ValueTask RejectAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        var retryAfter = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var left) ? left : Window;
        var context = rejected.HttpContext;
        context.RequestServices.GetRequiredService<LoginTelemetry>().Limited();
        context.RequestServices.GetRequiredService<AuditLog>()
            .ClientLimited((context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "", ClientNetwork.Of(context));
        await AccountProblems.TooManyRequests(context, LimitOf(context), retryAfter).ExecuteAsync(context);
    }
}
