using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.Data;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Accounts;

/// <summary>Makes the first administrator with the code from the log.</summary>
internal static class SetupEndpoints
{
    public static void MapSetup(this RouteGroupBuilder auth) => auth.MapPost("/setup", SetUpAsync).RequireRateLimiting(LoginRateLimit.Policy);

    private static async Task<Results<NoContent, ValidationProblem, ProblemHttpResult>> SetUpAsync(
        SetupRequest request,
        SetupCodes codes,
        AccountCreation creation,
        PasswordHashing hashing,
        UnitOfWork unitOfWork,
        HttpContext context,
        ILogger<SetupCodes> logger,
        CancellationToken cancellationToken)
    {
        var account = new NewAccount(request.Email, request.Name, request.Password, IsSystemAdmin: true);
        var errors = account.FindErrors();
        if (string.IsNullOrWhiteSpace(request.Code))
        {
            errors["code"] = ["The set-up code from the API's log is needed."];
        }

        if (errors.Count > 0)
        {
            return Problem.Invalid(errors);
        }

        using var turn = await hashing.TakeTurnAsync(cancellationToken);
        if (!turn.IsAcquired)
        {
            return AccountProblems.TooBusy(context);
        }

        var hash = hashing.Hash(request.Password!);
        var added = await unitOfWork.AsSystemAsync(
            "set-up",
            async (db, token) => await codes.UseAsync(db, request.Code!, token) ? await creation.AddAsync(account, hash) : null,
            cancellationToken);
        if (added is null)
        {
            return AccountProblems.InvalidSetupCode();
        }

        Log.AdministratorSetUp(logger, added.Id);
        return TypedResults.NoContent();
    }
}

/// <param name="Code">From the API's log, printed once when there is no administrator.</param>
internal sealed record SetupRequest(string? Code, string? Email, string? Name, string? Password);
