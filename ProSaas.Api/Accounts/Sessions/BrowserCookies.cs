using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Sessions;

/// <summary>The cookies of a browser's session, and the token that proves its requests are its user's will.</summary>
internal sealed class BrowserCookies(IHostEnvironment environment, IAntiforgery antiforgery)
{
    public const string Name = "__Host-prosaas";
    public const string DevelopmentName = "prosaas-dev";
    public const string AntiforgeryName = "__Host-prosaas-csrf";
    public const string DevelopmentAntiforgeryName = "prosaas-dev-csrf";
    public const string AntiforgeryHeader = "X-CSRF-Token";

    public static void Configure(CookieAuthenticationOptions options, bool overTls)
    {
        options.Cookie.Name = overTls ? Name : DevelopmentName;
        options.Cookie.SecurePolicy = overTls ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.Path = "/";

        // The session's row decides; the ticket only names it.
        options.SlidingExpiration = false;
    }

    public string SchemeOf(HttpRequest request) =>
        environment.IsDevelopment() && !request.IsHttps ? AccountSchemes.DevelopmentCookie : AccountSchemes.Cookie;

    /// <summary>
    /// Writes the cookies of a new session. Returns the antiforgery token that its unsafe requests carry in
    /// <see cref="AntiforgeryHeader"/>.
    /// </summary>
    public async Task<string?> SignInAsync(HttpContext context, AccountSession session)
    {
        var scheme = SchemeOf(context.Request);
        context.User = AccountClaims.Create(scheme, session.AccountId, session.Id);
        await context.SignInAsync(
            scheme, context.User, new AuthenticationProperties { IssuedUtc = session.CreatedAt, ExpiresUtc = session.EndsAt });
        return GetAntiforgeryToken(context);
    }

    public Task SignOutAsync(HttpContext context) => context.SignOutAsync(SchemeOf(context.Request));

    public string? GetAntiforgeryToken(HttpContext context) => antiforgery.GetAndStoreTokens(context).RequestToken;

    /// <summary>The session that the browser had until now, if it still shows one.</summary>
    public async Task<Guid?> FindSessionAsync(HttpContext context) =>
        AccountClaims.FindSession((await context.AuthenticateAsync(SchemeOf(context.Request))).Principal);
}
