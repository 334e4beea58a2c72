using ProSaas.Api.Http;

namespace ProSaas.Api.Accounts;

/// <summary>How endpoints of all features say who may call them.</summary>
public static class AccountEndpointExtensions
{
    /// <summary>Only for those who are logged in: 401 otherwise. Handlers then may take a <see cref="CurrentAccount"/>.</summary>
    public static TBuilder RequireAccount<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.AddAuthenticationSchemes(AccountSchemes.Account).RequireAuthenticatedUser())
            .WithProblems(ProblemTypes.NotAuthenticated, ProblemTypes.SessionEnded);

    /// <summary>Only for administrators of the platform: 401 without login, 403 for others.</summary>
    public static TBuilder RequireSystemAdmin<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy =>
            policy.AddAuthenticationSchemes(AccountSchemes.Account).RequireRole(AccountClaims.SystemAdmin))
            .WithProblems(ProblemTypes.NotAuthenticated, ProblemTypes.SessionEnded, ProblemTypes.NotAllowed);

    /// <summary>As <see cref="RequireSystemAdmin"/>, or for requests that prove themselves otherwise.</summary>
    public static TBuilder RequireSystemAdminOr<TBuilder>(this TBuilder builder, Func<HttpRequest, bool> isProven)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.AddAuthenticationSchemes(AccountSchemes.Account)
            .RequireAssertion(context =>
                context.User.IsInRole(AccountClaims.SystemAdmin) || (context.Resource is HttpContext http && isProven(http.Request))))
            .WithProblems(ProblemTypes.NotAuthenticated, ProblemTypes.SessionEnded, ProblemTypes.NotAllowed);

    /// <summary>Only for requests that prove themselves without an account: 401 otherwise, 403 for accounts.</summary>
    public static TBuilder RequireProof<TBuilder>(this TBuilder builder, Func<HttpRequest, bool> isProven)
        where TBuilder : IEndpointConventionBuilder =>
        builder.RequireAuthorization(policy => policy.AddAuthenticationSchemes(AccountSchemes.Account)
            .RequireAssertion(context => context.Resource is HttpContext http && isProven(http.Request)))
            .WithProblems(ProblemTypes.NotAuthenticated, ProblemTypes.NotAllowed);
}
