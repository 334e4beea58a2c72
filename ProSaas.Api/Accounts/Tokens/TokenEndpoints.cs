using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.Api.Accounts.Login;
using ProSaas.Api.Accounts.Sessions;
using ProSaas.Api.Http;

namespace ProSaas.Api.Accounts.Tokens;

/// <summary>The login of programs: a short-lived access token, and a refresh token for the next one.</summary>
internal static class TokenEndpoints
{
    public static void MapTokens(this RouteGroupBuilder auth)
    {
        auth.MapPost("/token", CreateAsync).RequireRateLimiting(LoginRateLimit.Policy)
            .WithValidation<LoginRequest>().WithProblems(LoginEndpoints.CredentialProblems);
        auth.MapPost("/refresh", RefreshAsync).RequireRateLimiting(LoginRateLimit.RefreshPolicy)
            .WithValidation<RefreshRequest>().WithProblems(ProblemTypes.InvalidRefreshToken, ProblemTypes.TooManyRequests);
    }

    private static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> CreateAsync(
        LoginRequest request,
        CredentialCheck check,
        LoginSessions logins,
        AccessTokens tokens,
        KnownDevices devices,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var result = await check.RunAsync(request.Email!, request.Password!, devices.SourceOf(context), cancellationToken);
        if (result is not CredentialResult.Right right)
        {
            return AccountProblems.Of(result, context);
        }

        return await logins.BeginForProgramAsync(right, cancellationToken) is { } begun
            ? Answer(context, tokens.Create(begun.Session, begun.RefreshToken))
            : AccountProblems.Of(new CredentialResult.Wrong(), context);
    }

    private static async Task<Results<Ok<TokenResponse>, ProblemHttpResult>> RefreshAsync(
        RefreshRequest request, RefreshTokens refreshTokens, AccessTokens tokens, HttpContext context, CancellationToken cancellationToken)
    {
        return await refreshTokens.RefreshAsync(request.RefreshToken!, cancellationToken) is { } refreshed
            ? Answer(context, tokens.Create(refreshed.Session, refreshed.RefreshToken))
            : AccountProblems.InvalidRefreshToken();
    }

    private static Ok<TokenResponse> Answer(HttpContext context, TokenResponse tokens)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(tokens);
    }
}
