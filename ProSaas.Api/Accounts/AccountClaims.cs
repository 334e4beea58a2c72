using System.Security.Claims;

namespace ProSaas.Api.Accounts;

/// <summary>What a cookie or an access token says: whose session it is. Rights are read from the database at each request.</summary>
internal static class AccountClaims
{
    public const string SystemAdmin = "system_admin";

    private const string Subject = "sub";
    private const string Session = "sid";
    private const string Role = "role";

    public static ClaimsPrincipal Create(string scheme, long accountId, Guid sessionId, bool isSystemAdmin = false)
    {
        var identity = new ClaimsIdentity(scheme, Subject, Role);
        identity.AddClaim(new Claim(Subject, accountId.ToString()));
        identity.AddClaim(new Claim(Session, sessionId.ToString("N")));
        if (isSystemAdmin)
        {
            identity.AddClaim(new Claim(Role, SystemAdmin));
        }

        return new ClaimsPrincipal(identity);
    }

    public static Guid? FindSession(ClaimsPrincipal? principal) =>
        Guid.TryParseExact(principal?.FindFirst(Session)?.Value, "N", out var id) ? id : null;
}
