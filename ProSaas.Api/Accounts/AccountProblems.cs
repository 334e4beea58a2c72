using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.Api.Accounts.Login;
using ProSaas.Api.Accounts.Passwords;
using ProSaas.Api.Accounts.Sessions;
using ProSaas.Api.Http;

namespace ProSaas.Api.Accounts;

/// <summary>Why somebody is not let in. None of them tells whether an account exists.</summary>
internal static class AccountProblems
{
    public static ProblemHttpResult NotAuthenticated() =>
        ProblemTypes.NotAuthenticated.Because("Log in with POST /api/auth/login, or send an access token of POST /api/auth/token.");

    public static ProblemHttpResult SessionEnded() =>
        ProblemTypes.SessionEnded.Because("The session or the access token has expired or was ended. Refresh the token or log in again.");

    public static ProblemHttpResult NotAllowed() => ProblemTypes.NotAllowed.Because("This is for administrators of the platform.");

    public static ProblemHttpResult TooManyRequests(HttpContext context, int limit, TimeSpan retryAfter) =>
        ProblemTypes.TooManyRequests.Because(
            context.Response, retryAfter, $"One client may ask this {limit} times a minute, and yours did. Try again in the next minute.");

    public static ProblemHttpResult TooBusy(HttpContext context) =>
        ProblemTypes.TooBusy.Because(
            context.Response, PasswordHashing.RetryAfter, "Too many people are logging in at this moment. Try again shortly.");

    public static ProblemHttpResult Antiforgery() => ProblemTypes.Antiforgery.Because(
        $"A request that changes something and comes with the session's cookie needs the header {BrowserCookies.AntiforgeryHeader}, "
        + "with the antiforgeryToken that login and GET /api/auth/me answer.");

    public static ProblemHttpResult InvalidRefreshToken() =>
        ProblemTypes.InvalidRefreshToken.Because(
            "The refresh token is unknown, was used some time before, or its session has ended. Log in again.");

    public static ProblemHttpResult InvalidSetupCode() => ProblemTypes.InvalidSetupCode.Because(
        "The code is wrong, was used, is older than an hour, or there is an administrator by now. A restart of the API prints a new one, "
        + "as long as there is none.");

    public static ProblemHttpResult LastAdministrator() => ProblemTypes.LastAdministrator.Because(
        "The last administrator of the platform who can log in is not disabled. Make or enable another one first.");

    public static ProblemHttpResult EmailTaken() => ProblemTypes.EmailTaken.Because("Another account has this e-mail address.");

    public static ProblemHttpResult Of(CredentialResult result, HttpContext context) => result switch
    {
        CredentialResult.Disabled => ProblemTypes.AccountDisabled.Because("The account is disabled. Ask an administrator of the platform."),
        CredentialResult.Locked locked => ProblemTypes.TooManyAttempts.Because(
            context.Response,
            locked.RetryAfter,
            "There were too many attempts with this e-mail address. Try again when the time in Retry-After is over; "
            + "a browser that has logged in before does not wait for others."),
        CredentialResult.TooBusy => TooBusy(context),
        _ => ProblemTypes.InvalidCredentials.Because("The e-mail address or the password is wrong."),
    };
}
