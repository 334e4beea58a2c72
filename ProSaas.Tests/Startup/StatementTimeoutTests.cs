namespace ProSaas.Tests.Startup;

/// <summary>A statement that takes longer than it may, at a real server.</summary>
public sealed class StatementTimeoutTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Statement_that_ran_out_of_time_is_not_run_again_and_answered_503()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync();
        await using var api = await TestApi.StartAsync(
            database, ("ConnectionStrings__prosaasdb", $"{database.Runtime};Command Timeout=1;Application Name=timed"));
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "owner")]));
        client.ComesAgain = false;
        await using var blocker = new NpgsqlConnection(database.Owner);
        await blocker.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await blocker.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE", blocker))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var started = Stopwatch.GetTimestamp();
        var answer = await client.GetAsync("/api/businesses/1/contacts");

        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(3.9), "four attempts of a second take longer");
        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.ServiceUnavailable, "database-unavailable"), answer.Text);
        answer.Json.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("longer than a request may take");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await Database.ScalarAsync<long>(
            database.Owner, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'timed' AND wait_event_type = 'Lock'"))
            .ShouldBe(0, "the server works on it no longer");

        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        (await client.GetAsync("/api/businesses/1/contacts")).Status.ShouldBe(HttpStatusCode.OK);
    }
}
