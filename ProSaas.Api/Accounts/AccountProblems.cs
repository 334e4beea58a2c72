using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Accounts;

/// <summary>Why somebody is not let in. None of them tells whether an account exists.</summary>
internal static class AccountProblems
{
    public static ProblemHttpResult NotAuthenticated() => Problem.Of(
        StatusCodes.Status401Unauthorized, "not-authenticated", "Not logged in", "Log in with POST /api/auth/login, or send an access token of POST /api/auth/token.");

    public static ProblemHttpResult SessionEnded() => Problem.Of(
        StatusCodes.Status401Unauthorized, "session-ended", "Session ended", "The session or the access token has expired or was ended. Refresh the token or log in again.");

    public static ProblemHttpResult NotAllowed() => Problem.Of(
        StatusCodes.Status403Forbidden, "not-allowed", "Not allowed", "This is for administrators of the platform.");

    private static ProblemHttpResult InvalidCredentials() => Problem.Of(
        StatusCodes.Status401Unauthorized, "invalid-credentials", "Login failed", "The e-mail address or the password is wrong.");

    private static ProblemHttpResult AccountDisabled() => Problem.Of(
        StatusCodes.Status403Forbidden, "account-disabled", "Account disabled", "The account is disabled. Ask an administrator of the platform.");

    private static ProblemHttpResult TooManyAttempts(HttpContext context, TimeSpan retryAfter) => RetryLater(
        context, retryAfter, "too-many-attempts", "Too many attempts", "There were too many attempts with this e-mail address. Try again later.");

    public static ProblemHttpResult TooManyRequests(HttpContext context, TimeSpan retryAfter) => RetryLater(
        context, retryAfter, "too-many-requests", "Too many requests", "There were too many requests from this address. Try again later.");

    public static ProblemHttpResult TooBusy(HttpContext context) => RetryLater(
        context, TimeSpan.FromSeconds(PasswordHashing.RetryAfterSeconds), "too-busy", "Too many logins at once", "Too many people are logging in at this moment. Try again shortly.");

    public static ProblemHttpResult Antiforgery() => Problem.Of(
        StatusCodes.Status400BadRequest,
        "antiforgery",
        "Antiforgery token missing or wrong",
        $"A request that changes something and comes with the session's cookie needs the header {BrowserCookies.AntiforgeryHeader}, with the antiforgeryToken that login and GET /api/auth/me answer.");

    public static ProblemHttpResult InvalidRefreshToken() => Problem.Of(
        StatusCodes.Status401Unauthorized, "invalid-refresh-token", "Refresh token not valid", "The refresh token is unknown, was used before, or its session has ended. Log in again.");

    public static ProblemHttpResult InvalidSetupCode() => Problem.Of(
        StatusCodes.Status403Forbidden, "invalid-setup-code", "Set-up code not valid", "The code is wrong, was used, or is older than an hour. A restart of the API prints a new one, as long as there is no administrator.");

    public static ProblemHttpResult EmailTaken() => Problem.Of(
        StatusCodes.Status409Conflict, "email-taken", "E-mail address taken", "Another account has this e-mail address.");

    public static ProblemHttpResult CannotDisableOneself() => Problem.Of(
        StatusCodes.Status409Conflict, "own-account", "Own account", "Nobody disables their own account: another administrator can.");

    public static ProblemHttpResult Of(CredentialResult result, HttpContext context) => result switch
    {
        CredentialResult.Disabled => AccountDisabled(),
        CredentialResult.Locked locked => TooManyAttempts(context, locked.RetryAfter),
        CredentialResult.TooBusy => TooBusy(context),
        _ => InvalidCredentials(),
    };

    private static ProblemHttpResult RetryLater(HttpContext context, TimeSpan retryAfter, string type, string title, string detail)
    {
        context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Problem.Of(StatusCodes.Status429TooManyRequests, type, title, detail);
    }
}
