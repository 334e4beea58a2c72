using System.Globalization;
using ProSaas.Api.Accounts;
using ProSaas.Api.Http;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Businesses;

/// <summary>How endpoints of all features say who of a business may call them. Their route has a <c>{businessId}</c>.</summary>
public static class BusinessEndpointExtensions
{
    /// <summary>Only for the business's people: 401 without login, 404 for others.</summary>
    public static TBuilder RequireBusinessMember<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAccount().WithMetadata(new BusinessAccess(BusinessRole.Member)).WithProblems(ProblemTypes.NotFound);

    /// <summary>Only for the business's owners: as <see cref="RequireBusinessMember"/>, and 403 for its other members.</summary>
    public static TBuilder RequireBusinessOwner<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAccount()
            .WithMetadata(new BusinessAccess(BusinessRole.Owner)).WithProblems(ProblemTypes.NotFound, ProblemTypes.OwnersOnly);
}

/// <summary>Endpoint metadata: the role that it takes. The last one said for an endpoint holds.</summary>
internal sealed record BusinessAccess(BusinessRole Role);

/// <summary>Refuses who has not the endpoint's role, before the body is read. Administrators of the platform have every role.</summary>
internal sealed class BusinessAccessMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<BusinessAccess>() is not { } access)
        {
            return next(context);
        }

        var account = context.RequestServices.GetRequiredService<CurrentAccount>();
        var businessId = long.Parse((string)context.GetRouteValue("businessId")!, CultureInfo.InvariantCulture);
        var refusal = account.IsSystemAdmin || account.IsOwnerOf(businessId) ? null
            : !account.IsMemberOf(businessId) ? Problems.NotFound("business")
            : access.Role is BusinessRole.Owner ? BusinessProblems.OwnersOnly()
            : null;
        if (refusal is null)
        {
            return next(context);
        }

        context.RequestServices.GetRequiredService<AuditLog>().Refused(context, account.Id, refusal.StatusCode);
        return refusal.ExecuteAsync(context);
    }
}
