namespace ProSaas.Api.Accounts.Sessions;

/// <summary>
/// A cookie for TLS alone, also where TLS ends at a proxy that is not known: there antiforgery's own setting for it,
/// <see cref="CookieSecurePolicy.Always"/>, refuses to work.
/// </summary>
internal sealed class SecureCookie : CookieBuilder
{
    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        options.Secure = true;
        return options;
    }
}
