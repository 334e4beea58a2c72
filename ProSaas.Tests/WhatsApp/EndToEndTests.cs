namespace ProSaas.Tests.WhatsApp;

/// <summary>
/// The real service with the real Baileys between a WhatsApp that encrypts, acknowledges and sends again as WhatsApp does,
/// and two replicas of the API.
/// </summary>
public sealed class EndToEndTests(PostgresFixture postgres)
{
    private const int Messages = 60;
    private const string Secret = "secret-of-the-tests";

    [Fact]
    public async Task Customers_see_each_answer_once_and_in_order_though_service_and_api_are_killed()
    {
        SkipUnlessInstalled();
        var data = Directory.CreateTempSubdirectory("prosaas-tests-");
        try
        {
            var database = await TestDatabase.CreateAsync(postgres);
            await database.MigrateAsync();
            await using var whatsApp = ServiceHandle.StartNode(
                "test/measure/soak.mjs",
                [
                    "--data",
                    data.FullName,
                    "--businesses",
                    "3",
                    "--customers",
                    "2",
                    "--messages",
                    $"{Messages}",
                    "--rate",
                    "15",
                    "--timeout",
                    "60"
                ],
                new Dictionary<string, string?>(StringComparer.Ordinal));
            await whatsApp.UntilLineAsync("ws://");
            var (apiPort, servicePort) = (FreePorts.Next(), FreePorts.Next());
            var apiEnvironment = database.ApiEnvironment(
                ("BAILEYS_HTTP", $"http://127.0.0.1:{servicePort}"),
                ("BAILEYS_SECRET", Secret),
                ("Conversations__LeaseDuration", "00:00:02"));
            var serviceEnvironment = ServiceEnvironment(data, apiPort, whatsApp);
            await using var api = ServiceHandle.StartApi(apiEnvironment, apiPort);
            await using var replica = ServiceHandle.StartApi(apiEnvironment);
            await api.UntilStatusAsync("/api/health", HttpStatusCode.OK);
            await replica.UntilStatusAsync("/api/health", HttpStatusCode.OK);
            await using var service = ServiceHandle.StartNode("src/server.mjs", [], serviceEnvironment, servicePort);
            await whatsApp.UntilLineAsync("begun");

            await UntilStoredAsync(database, Messages / 4);
            await service.KillAsync();
            await using var nextService = ServiceHandle.StartNode("src/server.mjs", [], serviceEnvironment, servicePort);
            await UntilStoredAsync(database, Messages / 2);
            await api.KillAsync();
            await using var nextApi = ServiceHandle.StartApi(apiEnvironment, apiPort);

            await whatsApp.WaitForExitAsync(seconds: 180);
            var seen = JsonSerializer.Deserialize<JsonElement>(whatsApp.Lines.Last(line => line.StartsWith('{')));
            (Number("sent"), Number("answered"), Number("lost"), Number("seenTwice"), Number("disordered")).ShouldBe(
                (Messages, Messages, 0, 0, 0), $"{seen}");

            int Number(string name) => seen.GetProperty(name).GetInt32();
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static void SkipUnlessInstalled() => Assert.SkipUnless(
        Directory.Exists(Path.Combine(Repository.Root, "services", "baileys", "node_modules")),
        "The modules of the WhatsApp service are not installed: run 'npm ci' in services/baileys, or ./test.sh");

    private static Dictionary<string, string?> ServiceEnvironment(DirectoryInfo data, int apiPort, ServiceHandle whatsApp) =>
        new(StringComparer.Ordinal)
        {
            ["BAILEYS_SECRET"] = Secret,
            ["BAILEYS_DATA"] = data.FullName,
            ["API_HTTP"] = $"http://127.0.0.1:{apiPort}",
            ["WHATSAPP_URL"] = whatsApp.Lines.First(line => line.StartsWith("ws://", StringComparison.Ordinal)),
        };

    private static Task UntilStoredAsync(TestDatabase database, int count) => Eventually.TrueAsync(
        async () => await Database.ScalarAsync<long>(database.Owner, "SELECT count(*) FROM whatsapp_messages") >= count,
        $"{count} messages are stored");
}
