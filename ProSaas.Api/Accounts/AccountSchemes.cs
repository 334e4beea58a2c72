namespace ProSaas.Api.Accounts;

/// <summary>Names of the authentication schemes.</summary>
internal static class AccountSchemes
{
    /// <summary>What endpoints ask for: whichever of the others the request uses, with a session that still lasts.</summary>
    public const string Account = "account";

    public const string Cookie = "cookie";

    /// <summary>Without TLS, in development only: a <c>__Host-</c> cookie needs TLS.</summary>
    public const string DevelopmentCookie = "development-cookie";

    public const string Bearer = "bearer";

    /// <summary>How answers call it, by RFC 6750.</summary>
    public const string BearerTokenType = "Bearer";
}
