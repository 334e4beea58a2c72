namespace ProSaas.Tests.Fuzz;

/// <summary>
/// Generated requests over every operation of the API's description, in sequences that use what earlier answers gave. The seed and
/// the number of requests can be set: <c>./test.sh fuzz SEED</c>.
/// </summary>
public sealed class FuzzTests(PostgresFixture postgres)
{
    private const string SeedVariable = "PROSAAS_FUZZ_SEED";
    private const string CountVariable = "PROSAAS_FUZZ_COUNT";
    private const int UsualCount = 2_000;
    private const int MostFailures = 20;
    private const int RenewEvery = 250;

    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(2);

    /// <summary>What the server itself answers, whatever the operation.</summary>
    private static readonly int[] AnyOperation = [400, 401, 403, 404, 405, 413, 414, 415, 431];

    /// <summary>Written when a request is refused, on purpose: who tried too often, and what was tried.</summary>
    private static readonly string[] Bookkeeping =
        ["login_failures insert", "login_failures update", "account_sessions update", "audit_entries insert"];

    /// <summary>A used refresh token ends its session.</summary>
    private static readonly string[] EndOfSession = ["account_sessions delete", "refresh_tokens delete", "refresh_tokens update"];

    private readonly List<string> _failures = [];

    [Fact]
    public async Task Generated_requests_get_described_answers_in_time_and_change_nothing_when_refused()
    {
        var seed = Setting(SeedVariable) ?? Random.Shared.Next();
        var count = Setting(CountVariable) ?? UsualCount;
        await using var whatsApp = await BaileysServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, [.. whatsApp.Environment, .. WithoutLimits]);
        await using var changes = await ChangeLog.BeginAsync(api.Database);
        using var clients = new FuzzClients(api);
        var generator = new RequestGenerator(seed);
        var statuses = new Dictionary<int, int>();

        for (var sent = 0; sent < count && _failures.Count < MostFailures; sent++)
        {
            if (sent % RenewEvery == 0)
            {
                await RestoreAsync(api);
            }

            var request = generator.Next();
            var answer = await TryAsync(clients, request, sent);
            if (answer is not null)
            {
                statuses[(int)answer.Status] = statuses.GetValueOrDefault((int)answer.Status) + 1;
                generator.Learn(request, answer);
            }
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"seed {seed}: {string.Join(", ", statuses.OrderBy(one => one.Key).Select(one => $"{one.Key} × {one.Value}"))}");
        (await api.Service.StatusAsync("/livez")).ShouldBe(HttpStatusCode.OK);
        _failures.ShouldBeEmpty($"seed {seed}; again: ./test.sh fuzz {seed}");

        async Task<ApiAnswer?> TryAsync(FuzzClients clients, FuzzRequest request, int number)
        {
            await clients.PrepareAsync(request.Actor);
            await changes.NextAsync();
            var answer = await SendAsync(api, clients, request, number);
            if (answer is null)
            {
                return null;
            }

            await UntilAnsweredAsync(api, request, answer);
            await JudgeAsync(changes, request, answer, number);
            var isLogin = request.Operation.Path.StartsWith("/api/auth/", StringComparison.Ordinal) && (int)answer.Status < 300;
            if (answer.Status is HttpStatusCode.Unauthorized || isLogin)
            {
                clients.Forget(request.Actor);
            }

            return answer;
        }
    }

    /// <summary>Limits that only say "too many" would hide what is behind them.</summary>
    private static (string Name, string Value)[] WithoutLimits =>
    [
        ("Login__MaxFailures", "100"),
        ("Login__AttemptsPerAddress", "100000"),
        ("Login__RefreshesPerAddress", "100000"),
        .. from what in new[] { "Replies", "Exports", "Lists", "Speech" }
           from whose in new[] { "Business", "Account" }
           select ($"Budgets__{what}Per{whose}", "1000000000"),
        ("Budgets__RepliesPerCustomer", "1000000000"),
    ];

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;

    /// <summary>Generated requests switch businesses off; what is off is not reached.</summary>
    private static Task RestoreAsync(TestApi api) => Testing.Database.ExecuteAsync(
        api.Database.Owner,
        $"UPDATE businesses SET is_active = true, whatsapp_enabled = true, calls_enabled = true WHERE id <= {FuzzClients.Business} AND NOT (is_active AND whatsapp_enabled AND calls_enabled)");

    /// <summary>A machine that stops for a moment makes an answer late once; a request that hangs, hangs again.</summary>
    private async Task<ApiAnswer?> SendAsync(TestApi api, FuzzClients clients, FuzzRequest request, int number)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            deadline.CancelAfter(LongestAnswer);
            try
            {
                var answer = await clients.SendAsync(request, deadline.Token);
                if (answer.Problem is not ("database-unavailable" or "starting") || attempt > 2)
                {
                    return answer;
                }

                await Eventually.TrueAsync(
                    async () => await api.Service.StatusAsync("/api/health") is HttpStatusCode.OK, "the API is ready again");
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException
                && !TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                if (attempt > 1)
                {
                    Fail(number, request, $"no answer within {LongestAnswer.TotalSeconds} s: {failure.Message}");
                    return null;
                }
            }
        }
    }

    /// <summary>A message of a customer is answered after the request.</summary>
    private static Task UntilAnsweredAsync(TestApi api, FuzzRequest request, ApiAnswer answer) =>
        answer.Status is HttpStatusCode.Accepted && request.Operation.Path is "/api/whatsapp/messages"
            ? Eventually.TrueAsync(
                async () => !await Testing.Database.ScalarAsync<bool>(
                    api.Database.Owner, "SELECT EXISTS (SELECT FROM whatsapp_messages WHERE settled_at IS NULL)"),
                $"the customer of {request} is answered",
                seconds: 20)
            : Task.CompletedTask;

    private async Task JudgeAsync(ChangeLog changes, FuzzRequest request, ApiAnswer answer, int number)
    {
        var status = (int)answer.Status;
        if (!request.Operation.Statuses.Contains(status) && !AnyOperation.Contains(status))
        {
            Fail(number, request, $"{status} is not described: {answer.Text}");
        }

        if (status >= 500 && (status is not 503 || answer.Problem is null or "database-unavailable" or "starting"))
        {
            Fail(number, request, $"{status}: {answer.Text}");
        }

        if (status is >= 400 and < 500)
        {
            var changed = (await changes.NextAsync()).Except(Bookkeeping, StringComparer.Ordinal);
            if (request.Operation.Path is "/api/auth/refresh")
            {
                changed = changed.Except(EndOfSession, StringComparer.Ordinal);
            }

            if (changed.Any())
            {
                Fail(number, request, $"{status}, but changed {string.Join(", ", changed)}: {answer.Text}");
            }

            if (answer.Problem is null && request.Operation.Method is not "HEAD" && !IsRefusedByServer(request, status))
            {
                Fail(number, request, $"{status} without problem details: {answer.Text}");
            }
        }
    }

    /// <summary>Kestrel answers these itself, with an empty body.</summary>
    private static bool IsRefusedByServer(FuzzRequest request, int status) =>
        status is 414 || (status is 400 && request.Target.Split('?')[0].Contains("%00", StringComparison.Ordinal));

    private void Fail(int number, FuzzRequest request, string what) => _failures.Add($"request {number}: {what}\n  {request}");
}
