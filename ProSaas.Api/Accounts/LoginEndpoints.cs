using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using ProSaas.Data;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Accounts;

internal static class LoginEndpoints
{
    private const int MaxEmailLength = 254;

    public static void MapLogin(this RouteGroupBuilder auth)
    {
        auth.MapPost("/login", LogInAsync).RequireRateLimiting(LoginRateLimit.Policy);
        auth.MapPost("/logout", LogOutAsync).RequireAccount();
        auth.MapGet("/me", GetMe).RequireAccount();
    }

    private static async Task<Results<Ok<AccountResponse>, ValidationProblem, ProblemHttpResult>> LogInAsync(
        LoginRequest request,
        CredentialCheck check,
        Sessions sessions,
        BrowserCookies cookies,
        UnitOfWork unitOfWork,
        IOptions<AccountSessionOptions> options,
        HttpContext context,
        ILogger<CredentialCheck> logger,
        CancellationToken cancellationToken)
    {
        if (FindErrors(request) is { Count: > 0 } errors)
        {
            return Problem.Invalid(errors);
        }

        var result = await check.RunAsync(request.Email!, request.Password!, cancellationToken);
        if (result is not CredentialResult.Right right)
        {
            return Refuse(context, result);
        }

        var replaced = await cookies.FindSessionAsync(context);
        var session = await unitOfWork.AsSystemAsync(
            "sign-in",
            async (db, token) =>
            {
                await check.RememberSuccessAsync(db, right, token);
                await sessions.RemoveEndedAsync(db, right.Account.Id, replaced, token);
                var added = sessions.Add(db, right.Account.Id, options.Value.IdleTimeout, options.Value.AbsoluteTimeout);
                await db.SaveChangesAsync(token);
                return added;
            },
            cancellationToken);
        Log.LoggedIn(logger, session.AccountId);
        var antiforgeryToken = await cookies.SignInAsync(context, session);
        var account = await sessions.UseAsync(session.Id, slides: false, cancellationToken);
        return account is null ? AccountProblems.SessionEnded() : TypedResults.Ok(AccountResponse.Of(account, antiforgeryToken));
    }

    private static async Task<NoContent> LogOutAsync(CurrentAccount account, Sessions sessions, BrowserCookies cookies, HttpContext context, CancellationToken cancellationToken)
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

    private static ProblemHttpResult Refuse(HttpContext context, CredentialResult result) => result switch
    {
        CredentialResult.Disabled => AccountProblems.AccountDisabled(),
        CredentialResult.Locked locked => AccountProblems.TooManyAttempts(context, locked.RetryAfter),
        CredentialResult.TooBusy => AccountProblems.TooBusy(context),
        _ => AccountProblems.InvalidCredentials(),
    };

    private static Dictionary<string, string[]> FindErrors(LoginRequest request)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(request.Email) || request.Email.Length > MaxEmailLength)
        {
            errors["email"] = [$"An e-mail address of at most {MaxEmailLength} characters is needed."];
        }

        if (string.IsNullOrEmpty(request.Password) || request.Password.Length > PasswordRules.MaxLength)
        {
            errors["password"] = [$"A password of at most {PasswordRules.MaxLength} characters is needed."];
        }

        return errors;
    }
}
