using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Accounts;

internal static class PasswordEndpoints
{
    public static void MapPassword(this RouteGroupBuilder auth) =>
        auth.MapPost("/password", ChangeAsync).RequireAccount().RequireRateLimiting(LoginRateLimit.Policy);

    private static async Task<Results<NoContent, ValidationProblem, ProblemHttpResult>> ChangeAsync(
        PasswordChangeRequest request, CurrentAccount account, CredentialCheck check, PasswordChange change, HttpContext context, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.CurrentPassword))
        {
            return Problem.Invalid("currentPassword", "The current password is needed.");
        }

        if (await change.FindFaultAsync(account, request, cancellationToken) is { } fault)
        {
            return Problem.Invalid("newPassword", fault);
        }

        var result = await check.RunAsync(account.Email, request.CurrentPassword, cancellationToken);
        return result switch
        {
            CredentialResult.Wrong => Problem.Invalid("currentPassword", "This is not the current password."),
            CredentialResult.Right right => await ApplyAsync(right),
            _ => AccountProblems.Of(result, context),
        };

        async Task<Results<NoContent, ValidationProblem, ProblemHttpResult>> ApplyAsync(CredentialResult.Right right) =>
            await change.ApplyAsync(right, request.NewPassword!, account.SessionId, cancellationToken) ? TypedResults.NoContent() : AccountProblems.TooBusy(context);
    }
}

/// <summary>A logged-in person's old and new password.</summary>
internal sealed record PasswordChangeRequest(string? CurrentPassword, string? NewPassword);
