using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.Api.Accounts.Sessions;
using ProSaas.Api.Http;

namespace ProSaas.Api.Accounts.Login;

internal static class LoginEndpoints
{
    /// <summary>What an e-mail address and a password may meet.</summary>
    public static readonly ProblemType[] CredentialProblems =
    [
        ProblemTypes.InvalidCredentials, ProblemTypes.AccountDisabled, ProblemTypes.TooManyAttempts, ProblemTypes.TooManyRequests,
        ProblemTypes.TooBusy,
    ];

    public static void MapLogin(this RouteGroupBuilder auth)
    {
        auth.MapPost("/login", LogInAsync)
            .RequireRateLimiting(LoginRateLimit.Policy).WithValidation<LoginRequest>().WithProblems(CredentialProblems);
        auth.MapPost("/logout", LogOutAsync).RequireAccount();
        auth.MapGet("/me", GetMe).RequireAccount();
    }

    private static async Task<Results<Ok<AccountResponse>, ProblemHttpResult>> LogInAsync(
        LoginRequest request,
        CredentialCheck check,
        LoginSessions logins,
        SessionStore sessions,
        BrowserCookies cookies,
        KnownDevices devices,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var result = await check.RunAsync(request.Email!, request.Password!, devices.SourceOf(context), cancellationToken);
        if (result is not CredentialResult.Right right)
        {
            return AccountProblems.Of(result, context);
        }

        if (await logins.BeginForBrowserAsync(right, await cookies.FindSessionAsync(context), cancellationToken) is not { } session)
        {
            return AccountProblems.Of(new CredentialResult.Wrong(), context);
        }

        devices.Remember(context, session.AccountId, right.Account.SecurityStamp!);
        var antiforgeryToken = await cookies.SignInAsync(context, session);
        return await sessions.UseAsync(session.Id, slides: false, cancellationToken) is { } account
            ? TypedResults.Ok(AccountResponse.Of(account, antiforgeryToken))
            : AccountProblems.SessionEnded();
    }

    private static async Task<NoContent> LogOutAsync(
        CurrentAccount account, SessionStore sessions, BrowserCookies cookies, HttpContext context, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(account.SessionId, cancellationToken);
        await cookies.SignOutAsync(context);
        return TypedResults.NoContent();
    }

    private static Ok<AccountResponse> GetMe(CurrentAccount account, SignedInAccount signedIn, BrowserCookies cookies, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(AccountResponse.Of(account, signedIn.ByCookie ? cookies.GetAntiforgeryToken(context) : null));
    }
}
