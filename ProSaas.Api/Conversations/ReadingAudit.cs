using System.Globalization;
using ProSaas.Api.Accounts;
using ProSaas.Data;
using ProSaas.Data.Auditing;

namespace ProSaas.Api.Conversations;

/// <summary>
/// What customers wrote is read by the business's people. When an administrator of the platform who is none of them reads it,
/// the business's audit says so.
/// </summary>
internal static class ReadingAudit
{
    /// <param name="action">In the words of <see cref="AuditEntry.Action"/>.</param>
    public static RouteHandlerBuilder WithReadingAudited(this RouteHandlerBuilder builder, string action) =>
        builder.AddEndpointFilter(async (call, next) =>
        {
            var http = call.HttpContext;
            var account = http.RequestServices.GetRequiredService<CurrentAccount>();
            var businessId = RouteId(http, "businessId")!.Value;
            if (account.IsSystemAdmin && !account.IsMemberOf(businessId))
            {
                var actor = http.RequestServices.GetRequiredService<AuditActor>();
                await http.RequestServices.GetRequiredService<UnitOfWork>().ForBusinessAsync(
                    businessId,
                    (context, token) => context.AuditReadAsync(
                        actor, businessId, action, RouteId(http, "conversationId") ?? businessId, token),
                    http.RequestAborted);
            }

            return await next(call);
        });

    private static long? RouteId(HttpContext http, string name) =>
        http.GetRouteValue(name) is string value ? long.Parse(value, CultureInfo.InvariantCulture) : null;
}
