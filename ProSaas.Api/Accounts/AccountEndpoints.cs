using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ProSaas.Data;
using ProSaas.ServiceDefaults;

namespace ProSaas.Api.Accounts;

/// <summary>What administrators of the platform do with accounts.</summary>
internal static class AccountEndpoints
{
    public static void MapAccountAdministration(this WebApplication app)
    {
        var accounts = app.MapGroup("/api/accounts").WithTags("Accounts").RequireSystemAdmin();
        accounts.MapPost("/", CreateAsync);
        accounts.MapPost("/{id:long}/disable", DisableAsync);
        accounts.MapPost("/{id:long}/enable", EnableAsync);
    }

    private static async Task<Results<Created<CreatedAccount>, ValidationProblem, ProblemHttpResult>> CreateAsync(
        NewAccount account, AccountCreation creation, PasswordHashing hashing, UnitOfWork unitOfWork, HttpContext context, CancellationToken cancellationToken)
    {
        if (account.FindErrors() is { Count: > 0 } errors)
        {
            return Problem.Invalid(errors);
        }

        using var turn = await hashing.TakeTurnAsync(cancellationToken);
        if (!turn.IsAcquired)
        {
            return AccountProblems.TooBusy(context);
        }

        var hash = hashing.Hash(account.Password!);
        var added = await unitOfWork.AsSystemAsync("account administration", (_, _) => creation.AddAsync(account, hash), cancellationToken);
        return added is null
            ? AccountProblems.EmailTaken()
            : TypedResults.Created((string?)null, new CreatedAccount(added.Id, added.Email!, added.Name, added.IsSystemAdmin));
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> DisableAsync(
        long id, CurrentAccount current, UnitOfWork unitOfWork, TimeProvider time, ILogger<AccountCreation> logger, CancellationToken cancellationToken)
    {
        if (id == current.Id)
        {
            return AccountProblems.CannotDisableOneself();
        }

        var now = time.GetUtcNow();
        var found = await unitOfWork.AsSystemAsync(
            "account administration",
            async (db, token) =>
            {
                await db.AccountSessions.Where(session => session.AccountId == id).ExecuteDeleteAsync(token);
                return await db.Accounts.Where(account => account.Id == id)
                    .ExecuteUpdateAsync(set => set.SetProperty(account => account.DisabledAt, account => account.DisabledAt ?? now), token);
            },
            cancellationToken);
        if (found == 0)
        {
            return TypedResults.NotFound();
        }

        Log.AccountDisabled(logger, id, current.Id);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, NotFound>> EnableAsync(
        long id, CurrentAccount current, UnitOfWork unitOfWork, ILogger<AccountCreation> logger, CancellationToken cancellationToken)
    {
        var found = await unitOfWork.AsSystemAsync(
            "account administration",
            (db, token) => db.Accounts.Where(account => account.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(account => account.DisabledAt, (DateTimeOffset?)null), token),
            cancellationToken);
        if (found == 0)
        {
            return TypedResults.NotFound();
        }

        Log.AccountEnabled(logger, id, current.Id);
        return TypedResults.NoContent();
    }
}

internal sealed record CreatedAccount(long Id, string Email, string? Name, bool IsSystemAdmin);
