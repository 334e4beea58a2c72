using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using ProSaas.Api.Accounts.Sessions;
using ProSaas.Api.Http;

namespace ProSaas.Api.Accounts.Login;

/// <summary>
/// Knows browsers again by a cookie of their own, which outlasts sessions: strangers who fail to log in as its owner
/// do not slow them.
/// </summary>
internal sealed class KnownDevices(IHostEnvironment environment, IDataProtectionProvider protection, TimeProvider time)
{
    public const string Name = "__Host-prosaas-device";
    public const string DevelopmentName = "prosaas-dev-device";

    /// <summary>How long a device or a network is known after its last login.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(180);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("ProSaas.KnownDevices").ToTimeLimitedDataProtector();

    /// <summary>The device of the request; null for one that has not logged in, or whose cookie is forged or expired.</summary>
    public KnownDevice? Find(HttpContext context)
    {
        if (context.Request.Cookies[NameFor(context)] is not { Length: > 0 } cookie)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<KnownDevice>(_protector.Unprotect(cookie));
        }
        catch (Exception forged) when (forged is CryptographicException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Where the request comes from.</summary>
    public LoginSource SourceOf(HttpContext context) => new(ClientNetwork.Of(context), Find(context));

    /// <summary>Answers with the cookie by which the account's browser is known from now on.</summary>
    public void Remember(HttpContext context, long accountId, string securityStamp)
    {
        var device = (Find(context) ?? new KnownDevice(Guid.NewGuid(), [])).With(accountId, securityStamp);
        var name = NameFor(context);
        var cookie = name is Name ? new SecureCookie() : new CookieBuilder { SecurePolicy = CookieSecurePolicy.SameAsRequest };
        cookie.HttpOnly = true;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.Path = "/";
        cookie.MaxAge = Lifetime;
        context.Response.Cookies.Append(
            name, _protector.Protect(JsonSerializer.Serialize(device), Lifetime), cookie.Build(context, time.GetUtcNow()));
    }

    /// <summary>As with the session's cookie, <c>__Host-</c> needs TLS.</summary>
    private string NameFor(HttpContext context) => environment.IsDevelopment() && !context.Request.IsHttps ? DevelopmentName : Name;
}
