using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using ProSaas.Api.Accounts.Passwords;
using ProSaas.Api.Http;
using ProSaas.Data;

namespace ProSaas.Api.Accounts.Administration;

/// <summary>What administrators of the platform do with accounts.</summary>
internal static class AccountEndpoints
{
    public static void MapAccountAdministration(this WebApplication app)
    {
        var accounts = app.MapGroup("/api/accounts").WithTags("Accounts").RequireSystemAdmin();
        accounts.MapPost("/", CreateAsync).WithValidation<NewAccount>().WithProblems(ProblemTypes.EmailTaken, ProblemTypes.TooBusy);
        accounts.MapPost("/{id:long}/disable", DisableAsync)
            .WithProblems(ProblemTypes.NotFound, ProblemTypes.OwnAccount, ProblemTypes.LastAdministrator);
        accounts.MapPost("/{id:long}/enable", EnableAsync).WithProblems(ProblemTypes.NotFound);
        accounts.MapAccountErasure();
    }

    private static async Task<Results<Created<CreatedAccount>, ProblemHttpResult>> CreateAsync(
        NewAccount account,
        AccountCreation creation,
        PasswordHashing hashing,
        UnitOfWork unitOfWork,
        CurrentAccount current,
        AuditLog audit,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        using var turn = await hashing.TakeTurnAsync(cancellationToken);
        if (!turn.IsAcquired)
        {
            return AccountProblems.TooBusy(http);
        }

        var hash = hashing.Hash(account.Password!);
        var added = await unitOfWork.AsSystemAsync("account administration", (_, _) => creation.AddAsync(account, hash), cancellationToken);
        if (added is null)
        {
            return AccountProblems.EmailTaken();
        }

        audit.AccountMade(added.Id, current.Id, ClientNetwork.Of(http));
        return TypedResults.Created((string?)null, new CreatedAccount(added.Id, added.Email!, added.Name, added.IsSystemAdmin));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DisableAsync(
        long id,
        CurrentAccount current,
        UnitOfWork unitOfWork,
        TimeProvider time,
        AuditLog audit,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        if (id == current.Id)
        {
            return ProblemTypes.OwnAccount.Because("Nobody disables their own account: another administrator can.");
        }

        var now = time.GetUtcNow();
        var refusal = await unitOfWork.AsSystemAsync(
            "account administration",
            async (context, token) =>
            {
                if (await Administrators.IsLastAsync(context, id, token))
                {
                    return AccountProblems.LastAdministrator();
                }

                // First, so that a login which has the row's lock has written the session that is to end.
                var found = await context.Accounts.Where(account => account.Id == id)
                    .ExecuteUpdateAsync(set => set.SetProperty(account => account.DisabledAt, account => account.DisabledAt ?? now), token);
                await context.AccountSessions.Where(session => session.AccountId == id).ExecuteDeleteAsync(token);
                return found == 0 ? Problems.NotFound("account") : null;
            },
            cancellationToken);
        if (refusal is not null)
        {
            return refusal;
        }

        audit.AccountDisabled(id, current.Id, ClientNetwork.Of(http));
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> EnableAsync(
        long id,
        CurrentAccount current,
        UnitOfWork unitOfWork,
        AuditLog audit,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var found = await unitOfWork.AsSystemAsync(
            "account administration",
            (context, token) => context.Accounts.Where(account => account.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(account => account.DisabledAt, (DateTimeOffset?)null), token),
            cancellationToken);
        if (found == 0)
        {
            return Problems.NotFound("account");
        }

        audit.AccountEnabled(id, current.Id, ClientNetwork.Of(http));
        return TypedResults.NoContent();
    }
}

internal sealed record CreatedAccount(long Id, string Email, string? Name, bool IsSystemAdmin);
