using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using ProSaas.Api.Accounts.Sessions;
using ProSaas.Api.Http;

namespace ProSaas.Api.Accounts;

/// <summary>
/// Takes the bearer token or, without one, the cookie of a request, and asks the database whether its session lasts. It
/// runs only for endpoints that ask for an account, so that nothing else reads a key or a session.
/// </summary>
internal sealed class AccountAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    SessionStore sessions,
    SignedInAccount signedIn,
    BrowserCookies cookies,
    AuditLog audit) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const string BearerPrefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var byCookie = !Request.Headers.Authorization.ToString().StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase);
        var shown = await Context.AuthenticateAsync(byCookie ? cookies.SchemeOf(Request) : AccountSchemes.Bearer);
        if (!shown.Succeeded)
        {
            return shown;
        }

        if (AccountClaims.FindSession(shown.Principal) is not { } session
            || await sessions.UseAsync(session, slides: byCookie, Context.RequestAborted) is not { } account)
        {
            return AuthenticateResult.Fail("The session has ended.");
        }

        signedIn.Set(account, byCookie);
        return AuthenticateResult.Success(
            new AuthenticationTicket(AccountClaims.Create(Scheme.Name, account.Id, session, account.IsSystemAdmin), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var showedNothing = (await HandleAuthenticateOnceSafeAsync()).None;
        Response.Headers.WWWAuthenticate = showedNothing ? "Bearer" : "Bearer error=\"invalid_token\"";
        await (showedNothing ? AccountProblems.NotAuthenticated() : AccountProblems.SessionEnded()).ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        audit.Refused(Context, signedIn.Account?.Id, StatusCodes.Status403Forbidden);
        return AccountProblems.NotAllowed().ExecuteAsync(Context);
    }
}
