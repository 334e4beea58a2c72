using FluentValidation;
using Microsoft.AspNetCore.Http.HttpResults;
using ProSaas.Api.Accounts.Administration;
using ProSaas.Api.Accounts.Login;
using ProSaas.Api.Accounts.Passwords;
using ProSaas.Api.Http;
using ProSaas.Data;
using ProSaas.Data.Accounts;

namespace ProSaas.Api.Accounts.Setup;

/// <summary>Makes the first administrator with the code from the log.</summary>
internal static class SetupEndpoints
{
    public static void MapSetup(this RouteGroupBuilder auth) =>
        auth.MapPost("/setup", SetUpAsync).RequireRateLimiting(LoginRateLimit.Policy)
            .WithValidation<SetupRequest>()
            .WithProblems(ProblemTypes.InvalidSetupCode, ProblemTypes.EmailTaken, ProblemTypes.TooManyRequests, ProblemTypes.TooBusy);

    private static async Task<Results<NoContent, ProblemHttpResult>> SetUpAsync(
        SetupRequest request,
        SetupCodes codes,
        AccountCreation creation,
        PasswordHashing hashing,
        UnitOfWork unitOfWork,
        HttpContext http,
        AuditLog audit,
        CancellationToken cancellationToken)
    {
        if (!await unitOfWork.AsSystemAsync(
            "set-up", (context, token) => codes.IsGoodAsync(context, request.Code!, token), cancellationToken))
        {
            return AccountProblems.InvalidSetupCode();
        }

        using var turn = await hashing.TakeTurnAsync(cancellationToken);
        if (!turn.IsAcquired)
        {
            return AccountProblems.TooBusy(http);
        }

        var hash = hashing.Hash(request.Password!);
        var (added, refusal) = await unitOfWork.AsSystemAsync<(Account?, ProblemHttpResult?)>(
            "set-up",
            async (context, token) =>
            {
                await FirstAccounts.LockAsync(context, token);
                if (!await codes.IsGoodAsync(context, request.Code!, token))
                {
                    return (null, AccountProblems.InvalidSetupCode());
                }

                if (await creation.AddAsync(request.Account(), hash) is not { } account)
                {
                    return (null, AccountProblems.EmailTaken());
                }

                await SetupCodes.EndAsync(context, token);
                return (account, null);
            },
            cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        audit.AdministratorSetUp(added!.Id, ClientNetwork.Of(http));
        return TypedResults.NoContent();
    }
}

/// <param name="Code">From the API's log, printed once when there is no administrator.</param>
internal sealed record SetupRequest(string? Code, string? Email, string? Name, string? Password)
{
    internal NewAccount Account() => new(Email, Name, Password, IsSystemAdmin: true);

    internal sealed class Validator : RequestValidator<SetupRequest>
    {
        public Validator(RequestValidator<NewAccount> account)
        {
            RuleFor(request => request.Code).NotEmpty().WithMessage("The set-up code from the API's log is needed.");
            RuleFor(request => request).Custom((request, context) =>
            {
                foreach (var (member, errors) in account.FindErrors(request.Account()))
                {
                    context.AddFailure(member, errors[0]);
                }
            });
        }
    }
}
