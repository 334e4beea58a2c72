using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.Api.Accounts.Login;
using ProSaas.Api.Http;

namespace ProSaas.Api.Accounts.Passwords;

internal static class PasswordEndpoints
{
    public static void MapPassword(this RouteGroupBuilder auth) =>
        auth.MapPost("/password", ChangeAsync).RequireAccount().RequireRateLimiting(LoginRateLimit.Policy)
            .WithValidation<PasswordChangeRequest>()
            .WithProblems(ProblemTypes.TooManyAttempts, ProblemTypes.TooManyRequests, ProblemTypes.TooBusy);

    private static async Task<Results<NoContent, ValidationProblem, ProblemHttpResult>> ChangeAsync(
        PasswordChangeRequest request,
        CurrentAccount account,
        SignedInAccount signedIn,
        CredentialCheck check,
        PasswordChange change,
        KnownDevices devices,
        AuditLog audit,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        if (await change.FindFaultAsync(account, request.NewPassword!, cancellationToken) is { } fault)
        {
            return Problems.Invalid("newPassword", fault);
        }

        var source = devices.SourceOf(context) with { Session = account.SessionId };
        var result = await check.RunAsync(account.Email, request.CurrentPassword!, source, cancellationToken);
        if (result is CredentialResult.Right right)
        {
            result = await change.ApplyAsync(right, request.NewPassword!, account.SessionId, cancellationToken);
        }

        if (result is CredentialResult.Right changed)
        {
            audit.PasswordChanged(account.Id, source.Network);
            if (signedIn.ByCookie)
            {
                devices.Remember(context, account.Id, changed.Account.SecurityStamp!);
            }

            return TypedResults.NoContent();
        }

        return result is CredentialResult.Wrong
            ? Problems.Invalid("currentPassword", "This is not the current password.")
            : AccountProblems.Of(result, context);
    }
}

/// <summary>A logged-in person's old and new password.</summary>
internal sealed record PasswordChangeRequest(string? CurrentPassword, string? NewPassword)
{
    internal sealed class Validator : RequestValidator<PasswordChangeRequest>
    {
        public Validator()
        {
            RuleFor(request => request.CurrentPassword)
                .Must(password => password is { Length: > 0 }).WithMessage("The current password is needed.");
            RuleFor(request => request.NewPassword)
                .Must(password => password is { Length: > 0 }).WithMessage("The new password is needed.")
                .Must((request, password) => password != request.CurrentPassword).WithMessage("The new password is the current one.");
        }
    }
}
