using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using ProSaas.Api.Accounts.Login;
using ProSaas.Api.Accounts.Passwords;

namespace ProSaas.Tests.Fixtures;

/// <summary>Makes accounts for tests, straight in the database.</summary>
internal sealed class TestAccounts(TestDatabase database)
{
    public const string Password = "a password of the tests";

    /// <summary>Hashing takes a tenth of a second by design: once is enough.</summary>
    private static readonly Lazy<string> Hash = new(() =>
    {
        using var hashing = new PasswordHashing(
            Options.Create(new LoginOptions()), Options.Create(new PasswordHasherOptions { IterationCount = PasswordHashing.Iterations }));
        return hashing.Hash(Password);
    });

    /// <summary>A new account with the password <see cref="Password"/> and a role in each business given.</summary>
    public async Task<TestAccount> CreateAsync(
        bool isSystemAdmin = false, string? passwordHash = null, params (long BusinessId, string Role)[] memberships)
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        await using var connection = await Testing.Database.OpenAsync(database.Owner);
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO accounts (user_name, normalized_user_name, email, normalized_email, name, password_hash, security_stamp, concurrency_stamp, is_system_admin, created_at)
            VALUES ($1, upper($1), $1, upper($1), 'Noa Levi', $2, 'stamp', 'stamp', $3, now()) RETURNING id
            """,
            connection);
        insert.Parameters.Add(new() { Value = email });
        insert.Parameters.Add(new() { Value = passwordHash ?? Hash.Value });
        insert.Parameters.Add(new() { Value = isSystemAdmin });
        var id = (long)(await insert.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        foreach (var (businessId, role) in memberships)
        {
            await Testing.Database.ExecuteAsync(
                connection, $"INSERT INTO business_members (business_id, account_id, role) VALUES ({businessId}, {id}, '{role}')");
        }

        return new TestAccount(id, email, Password);
    }

    public Task DisableAsync(TestAccount account) =>
        Testing.Database.ExecuteAsync(database.Owner, $"UPDATE accounts SET disabled_at = now() WHERE id = {account.Id}");
}

internal sealed record TestAccount(long Id, string Email, string Password);
