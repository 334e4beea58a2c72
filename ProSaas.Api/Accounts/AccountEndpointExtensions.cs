namespace ProSaas.Api.Accounts;

/// <summary>How endpoints of all features say who may call them.</summary>
public static class AccountEndpointExtensions
{
    /// <summary>Only for those who are logged in: 401 otherwise. Handlers then may take a <see cref="CurrentAccount"/>.</summary>
    public static TBuilder RequireAccount<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.RequireAuthorization(policy => policy.AddAuthenticationSchemes(AccountSchemes.Account).RequireAuthenticatedUser());

    /// <summary>Only for administrators of the platform: 401 without login, 403 for others.</summary>
    public static TBuilder RequireSystemAdmin<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder
        => builder.RequireAuthorization(policy => policy.AddAuthenticationSchemes(AccountSchemes.Account).RequireRole(AccountClaims.SystemAdmin));
}
