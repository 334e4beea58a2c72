using Microsoft.Extensions.Hosting;
using ProSaas.Api.Accounts;
using ProSaas.Api.Startup;

namespace ProSaas.Tests.Accounts;

public sealed class TidyingTests(PostgresFixture postgres)
{
    private const string Count = """
        SELECT (SELECT count(*) FROM account_sessions) * 10000 + (SELECT count(*) FROM refresh_tokens) * 1000
            + (SELECT count(*) FROM setup_codes) * 100 + (SELECT count(*) FROM login_failures) * 10 + (SELECT count(*) FROM known_networks)
        """;

    [Fact]
    public async Task What_has_expired_is_removed_every_hour_and_nothing_else()
    {
        var database = await postgres.CreateMigratedAsync();
        await Database.ExecuteAsync(database, """
            INSERT INTO accounts (user_name, normalized_user_name, email, normalized_email, is_system_admin, created_at)
            VALUES ('a@example.com', 'A@EXAMPLE.COM', 'a@example.com', 'A@EXAMPLE.COM', false, now())
            """);
        await AddAsync(database, "old", "now() - interval '1 second'");
        await AddAsync(database, "young", "now() + interval '90 minutes'", code: false);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var host = CreateHost(database, time);
        await host.StartAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMinutes(10));
        (await Database.ScalarAsync<long>(database, Count)).ShouldBe(22_122, "the gate is shut");

        host.Services.GetRequiredService<SchemaGateState>().Open();
        await UntilAsync(11_011, TimeSpan.FromMinutes(1), "what is old is removed");
        await UntilAsync(0, TimeSpan.FromMinutes(30), "the rest is removed when its time is over");
        await host.StopAsync(TestContext.Current.CancellationToken);

        Task UntilAsync(long count, TimeSpan step, string what) => Eventually.TrueAsync(
            async () =>
            {
                if (await Database.ScalarAsync<long>(database, Count) == count)
                {
                    return true;
                }

                time.Advance(step);
                return false;
            },
            what);
    }

    [Fact]
    public async Task Row_that_is_in_use_is_left_for_the_next_time_and_many_are_removed_at_once()
    {
        var database = await postgres.CreateMigratedAsync();
        await Database.ExecuteAsync(database, """
            INSERT INTO login_failures (hash, attempts, expires_at)
            SELECT sha256(n::text::bytea), 1, now() - interval '1 minute' FROM generate_series(1, 2500) n
            """);
        using var host = CreateHost(database, TimeProvider.System);
        using var other = CreateHost(database, TimeProvider.System);
        await using var busy = await Database.OpenAsync(database);
        await Database.ExecuteAsync(busy, "BEGIN; UPDATE login_failures SET attempts = 2 WHERE hash = sha256('7')");

        var removed = await Task.WhenAll(RemoveAsync(host), RemoveAsync(other));

        removed.Sum().ShouldBe(2_499);
        await Database.ExecuteAsync(busy, "COMMIT");
        (await RemoveAsync(host)).ShouldBe(1);
    }

    private static Task<int> RemoveAsync(IHost host) =>
        host.Services.GetRequiredService<AccountTidying>().RemoveAsync(TestContext.Current.CancellationToken);

    private static IHost CreateHost(string database, TimeProvider time)
    {
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = "Development" });
        builder.Configuration["ConnectionStrings:prosaasdb"] = Database.AsApp(database);
        builder.AddDatabase();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<SchemaGateState>();
        builder.Services.AddSingleton<AccountTidying>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<AccountTidying>());
        return builder.Build();
    }

    private static Task AddAsync(string database, string name, string expires, bool code = true) => Database.ExecuteAsync(database, $"""
        WITH session AS (
            INSERT INTO account_sessions (id, account_id, created_at, expires_at, ends_at)
            SELECT gen_random_uuid(), id, now(), {expires}, now() + interval '1 day' FROM accounts RETURNING id)
        INSERT INTO refresh_tokens (hash, session_id, created_at) SELECT sha256('{name}'), id, now() FROM session;
        INSERT INTO login_failures (hash, attempts, expires_at) VALUES (sha256('{name}'), 1, {expires});
        INSERT INTO known_networks (hash, account_id, expires_at) SELECT sha256('{name}'), id, {expires} FROM accounts;
        INSERT INTO setup_codes (id, hash, expires_at) SELECT 1, sha256('{name}'), {expires} WHERE {code};
        """);
}
