using System.Globalization;
using ProSaas.Api.Accounts;
using ProSaas.Api.Http;

namespace ProSaas.Api.Budgets;

/// <summary>How endpoints of all features say what they take of a budget.</summary>
internal static class BudgetEndpointExtensions
{
    private const string Remedy = "Ask less often, or for more at once.";

    /// <summary>Limited by account and, where the route has one, by business: 429. Only where an account is required.</summary>
    public static RouteHandlerBuilder WithBudget(this RouteHandlerBuilder endpoint, RequestKind kind) => endpoint
        .AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var account = http.RequestServices.GetRequiredService<CurrentAccount>();
            long? business = http.GetRouteValue("businessId") is string id ? long.Parse(id, CultureInfo.InvariantCulture) : null;
            var spent = http.RequestServices.GetRequiredService<RequestBudgets>().Take(kind, account.Id, business);
            return spent is null ? await next(context) : spent.ToProblem(http.Response, Remedy);
        })
        .WithProblems(ProblemTypes.TooManyRequests);
}
