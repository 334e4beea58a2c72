namespace ProSaas.Tests.Accounts;

public sealed class AdministratorTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Administrators_who_disable_each_other_at_once_leave_one()
    {
        await using var api = await TestApi.StartAsync(postgres);
        await api.Service.UntilLineAsync("made in development only");
        await using var other = await TestApi.StartAsync(api.Database);
        await Database.ExecuteAsync(api.Database.Owner, "UPDATE accounts SET disabled_at = now() WHERE is_system_admin");
        for (var round = 1; round <= 5; round++)
        {
            var accounts = new List<TestAccount>();
            var clients = new List<ApiClient>();
            for (var number = 0; number < 4; number++)
            {
                accounts.Add(await api.Accounts.CreateAsync(isSystemAdmin: true));
                clients.Add(await (number % 2 is 0 ? api : other).LogInAsync(accounts[number]));
            }

            var answers = await Task.WhenAll(clients.Select((client, number) =>
                client.PostAsync($"/api/accounts/{accounts[(number + 1) % accounts.Count].Id}/disable")));

            (await CountAsync(api)).ShouldBeGreaterThan(0, "an administrator is left");
            answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.NoContent
                || answer.Problem == "last-administrator" || answer.Problem == "session-ended");
            clients.ForEach(client => client.Dispose());
            await Database.ExecuteAsync(api.Database.Owner, "UPDATE accounts SET disabled_at = now() WHERE is_system_admin");
        }
    }

    [Fact]
    public async Task Last_administrator_is_not_disabled_by_one_whose_right_has_just_ended()
    {
        await using var api = await TestApi.StartAsync(postgres);
        await api.Service.UntilLineAsync("made in development only");
        await Database.ExecuteAsync(api.Database.Owner, "UPDATE accounts SET disabled_at = now() WHERE is_system_admin");
        var one = await api.Accounts.CreateAsync(isSystemAdmin: true);
        var last = await api.Accounts.CreateAsync(isSystemAdmin: true);
        using var client = await api.LogInAsync(one);
        await using var changing = await Database.OpenAsync(api.Database.Owner);
        await Database.ExecuteAsync(changing, $"BEGIN; UPDATE accounts SET disabled_at = now() WHERE id = {one.Id}");

        var disabling = client.PostAsync($"/api/accounts/{last.Id}/disable");
        await Eventually.TrueAsync(
            async () => disabling.IsCompleted || await Database.ScalarAsync<bool>(
                api.Database.Owner,
                $"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE {changing.ProcessID} = ANY(pg_blocking_pids(pid)))"),
            "it waits for the other change");
        await Database.ExecuteAsync(changing, "COMMIT");

        var answer = await disabling;
        (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.Conflict, "last-administrator"));
        (await CountAsync(api)).ShouldBe(1);
    }

    private static Task<long> CountAsync(TestApi api) => Database.ScalarAsync<long>(
        api.Database.Owner, "SELECT count(*) FROM accounts WHERE is_system_admin AND disabled_at IS NULL");
}
