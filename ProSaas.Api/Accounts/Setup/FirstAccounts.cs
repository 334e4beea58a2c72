using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using ProSaas.Api.Accounts.Administration;
using ProSaas.Api.Accounts.Passwords;
using ProSaas.Api.Accounts.Sessions;
using ProSaas.Api.Http;
using ProSaas.Api.Startup;
using ProSaas.Data;
using ProSaas.ServiceDefaults;
using ProSaas.ServiceDefaults.Startup;

namespace ProSaas.Api.Accounts.Setup;

/// <summary>
/// Sees to it, once the schema gate is open, that somebody can log in: the administrator of the settings, the accounts of
/// development, or else a set-up code in the log. There is no default account. Where the keys of sessions cannot be read,
/// nobody could: the process stops.
/// </summary>
internal sealed class FirstAccounts(
    SchemaGateState gate,
    IServiceScopeFactory scopes,
    AdministratorSettings administrator,
    RequestValidator<NewAccount> accounts,
    KeySecret keySecret,
    IHostEnvironment environment,
    StartupOutcome outcome,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<FirstAccounts> logger) : BackgroundService
{
    /// <summary>Chosen by hand; replicas that start together take turns.</summary>
    public const long LockKey = 0x50524F5341414301;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Done when the accounts were made, or could not be at first: a login that comes earlier waits for it.</summary>
    public Task Tried => _tried.Task;

    /// <summary>Until the end of the unit of work nobody else makes a first administrator.</summary>
    public static Task<int> LockAsync(ProSaasDbContext context, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})", cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!keySecret.IsSet)
        {
            Log.NoKeySecret(logger);
        }

        await gate.Opened.WaitAsync(stoppingToken);
        while (!await TryRunAsync(stoppingToken))
        {
            _tried.TrySetResult();
            await Task.Delay(RetryDelay, time, stoppingToken);
        }

        _tried.TrySetResult();
    }

    private async Task<bool> TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var services = scope.ServiceProvider;
            var tell = await services.GetRequiredService<UnitOfWork>().AsSystemAsync(
                "first accounts",
                async (context, token) =>
                {
                    await LockAsync(context, token);
                    return await EnsureAsync(context, services, token);
                },
                cancellationToken);
            tell();
            return true;
        }
        catch (Exception failure) when (failure is NpgsqlException
            or TimeoutException or DbUpdateException or CommitOutcomeUnknownException or RetryLimitExceededException)
        {
            Log.FirstAccountsFailed(logger, failure);
            return false;
        }
    }

    /// <summary>Returns what to say when it is committed: a code that was rolled back would let nobody in.</summary>
    private async Task<Action> EnsureAsync(ProSaasDbContext context, IServiceProvider services, CancellationToken cancellationToken)
    {
        var keys = await context.DataProtectionKeys.Select(key => key.Xml).ToListAsync(cancellationToken);
        if (!keys.TrueForAll(keySecret.CanRead))
        {
            var fault = keySecret.IsSet ? "is not the one that encrypted" : "is not set, and encrypted";
            return () => Stop(() => Log.KeysUnreadable(logger, fault));
        }

        if (keySecret.IsSet && keys.Count(key => !KeySecret.IsEncrypted(key)) is > 0 and var plain)
        {
            Log.KeysNotEncrypted(logger, plain);
        }

        var creation = services.GetRequiredService<AccountCreation>();
        var hashing = services.GetRequiredService<PasswordHashing>();
        if (administrator.Email is { } email && !await creation.ExistsAsync(email))
        {
            return await AddAdministratorAsync(context, creation, hashing, cancellationToken);
        }

        if (environment.IsDevelopment())
        {
            await DevelopmentAccounts.EnsureAsync(context, creation, hashing, cancellationToken);
            return () => Log.DevelopmentAccounts(
                logger,
                DevelopmentAccounts.Administrator,
                DevelopmentAccounts.Owner,
                DevelopmentAccounts.Member,
                DevelopmentAccounts.Password);
        }

        if (await context.Accounts.AnyAsync(account => account.IsSystemAdmin, cancellationToken))
        {
            await SetupCodes.EndAsync(context, cancellationToken);
            return () => { };
        }

        return await services.GetRequiredService<SetupCodes>().CreateAsync(context, cancellationToken) is { } code
            ? () => Log.SetupCode(logger, code)
            : () => Log.SetupCodePrintedBefore(logger);
    }

    private async Task<Action> AddAdministratorAsync(
        ProSaasDbContext context, AccountCreation creation, PasswordHashing hashing, CancellationToken cancellationToken)
    {
        var account = new NewAccount(administrator.Email, Name: null, administrator.Password, IsSystemAdmin: true);
        if (accounts.FindErrors(account) is { Count: > 0 } errors)
        {
            var (field, faults) = errors.First();
            return () => Stop(() => Log.AdministratorRefused(
                logger, field is "password" ? AdministratorSettings.PasswordKey : AdministratorSettings.EmailKey, faults[0]));
        }

        var added = await creation.AddAsync(account, hashing.Hash(account.Password!));
        await SetupCodes.EndAsync(context, cancellationToken);
        return () => Log.AdministratorAdded(logger, added?.Id, AdministratorSettings.EmailKey);
    }

    private void Stop(Action tell)
    {
        tell();
        outcome.Fail(ServiceProcess.ConfigurationExitCode);
        lifetime.StopApplication();
    }
}
