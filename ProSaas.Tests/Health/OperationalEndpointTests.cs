namespace ProSaas.Tests.Health;

/// <summary>The endpoints for operators and their probes, on the real API.</summary>
public sealed partial class OperationalEndpointTests(PostgresFixture postgres)
{
    private static readonly string[] Liveness = ["/livez", "/alive", "/healthz"];
    private static readonly string[] All = [.. Liveness, "/api/health", "/readyz", "/api/startup", "/version"];

    [Fact]
    public async Task Every_endpoint_answers_before_and_after_the_gate_with_service_version_and_time()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment());
        await api.UntilStatusAsync("/livez", HttpStatusCode.OK);

        var before = await AnswersAsync(api);
        Statuses(before).ShouldBe(new()
        {
            ["/livez"] = (200, "alive"),
            ["/alive"] = (200, "alive"),
            ["/healthz"] = (200, "alive"),
            ["/api/health"] = (503, "initializing"),
            ["/readyz"] = (503, "degraded"),
            ["/api/startup"] = (200, "starting"),
            ["/version"] = (200, null),
        });
        Phase(before["/api/startup"].Body, "schema_gate").GetProperty("state").GetString().ShouldBe("running");
        Phase(before["/api/startup"].Body, "schema_gate").GetProperty("waitingFor").GetString().ShouldNotBeNullOrEmpty();
        Phase(before["/api/startup"].Body, "agent_warmup").GetProperty("waitingFor").GetString().ShouldBe("schema_gate");

        await database.MigrateAsync();
        await api.UntilStatusAsync("/api/health", HttpStatusCode.OK);
        await api.UntilLineAsync("✅ Warmed up 20 agents");
        await Eventually.TrueAsync(
            async () => (await AnswersAsync(api))["/api/startup"].Body.GetProperty("status").GetString() == "complete",
            "the start is complete");

        var after = await AnswersAsync(api);
        Statuses(after).ShouldBe(new()
        {
            ["/livez"] = (200, "alive"),
            ["/alive"] = (200, "alive"),
            ["/healthz"] = (200, "alive"),
            ["/api/health"] = (200, "ok"),
            ["/readyz"] = (200, "ready"),
            ["/api/startup"] = (200, "complete"),
            ["/version"] = (200, null),
        });
        var dependencies = after["/readyz"].Body.GetProperty("dependencies");
        dependencies.GetProperty("database").GetString().ShouldBe("healthy");
        dependencies.GetProperty("baileys_service").GetString().ShouldBe("not configured");
        var warmup = after["/api/startup"].Body.GetProperty("warmup");
        warmup.GetProperty("summary").GetString().ShouldBe("20/20 agents warm");
        foreach (var phase in after["/api/startup"].Body
            .GetProperty("phases").EnumerateArray().Where(phase => phase.GetProperty("state").GetString() == "succeeded"))
        {
            phase.GetProperty("attempts").GetInt32().ShouldBe(1);
            phase.GetProperty("endedAt").GetDateTimeOffset()
                .ShouldBeGreaterThanOrEqualTo(phase.GetProperty("startedAt").GetDateTimeOffset());
        }

        after["/version"].Body.GetProperty("commit").GetString().ShouldNotBeNullOrEmpty();
        after["/version"].Body.GetProperty("uptime").GetInt64().ShouldBeInRange(0, 120);
        (await api.StatusAsync("/health")).ShouldBe(HttpStatusCode.OK);
        api.Lines.ShouldNotContain(line => line.Contains("Microsoft.AspNetCore", StringComparison.Ordinal),
            "appsettings.json keeps a line a request off the console");
    }

    [Fact]
    public async Task All_checks_are_shown_in_development_only()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.MigrateAsync(seed: false);
        await using var api = ServiceHandle.StartApi(database.ApiEnvironment(("PRODUCTION", "true"), ("DISABLE_WARMUP", "1")));
        await api.UntilStatusAsync("/api/health", HttpStatusCode.OK);
        await api.UntilLineAsync("✅ Warmed up 0 agents");

        (await api.StatusAsync("/health")).ShouldBe(HttpStatusCode.NotFound);
        api.Lines.ShouldContain(line => line.Contains("WARNING", StringComparison.Ordinal) && line.Contains(
            "PRODUCTION=true makes this production, though the environment is named 'Development'", StringComparison.Ordinal));
        api.Lines.Count(line => line.Contains("DISABLE_WARMUP", StringComparison.Ordinal)).ShouldBe(1);
        api.Lines.ShouldContain(line => line.Contains("Hosting environment: Production", StringComparison.Ordinal));
    }

    private static async Task<Dictionary<string, (int Status, JsonElement Body)>> AnswersAsync(ServiceHandle api)
    {
        var answers = new Dictionary<string, (int, JsonElement)>(StringComparer.Ordinal);
        foreach (var path in All)
        {
            using var response = await api.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            using var document = JsonDocument.Parse(text);
            response.Content.Headers.ContentType?.MediaType.ShouldBe("application/json", path);
            response.Headers.CacheControl?.ToString().ShouldBe("no-store", path);
            document.RootElement.GetProperty("service").GetString().ShouldBe("prosaas-api", path);
            document.RootElement.GetProperty("version").GetString().ShouldNotBeNullOrEmpty(path);
            document.RootElement.GetProperty("timestamp").GetString().ShouldNotBeNull().ShouldMatch(Rfc3339().ToString());
            text.ShouldNotContain("Password");
            text.ShouldNotContain(PostgresFixture.AppPassword);
            answers[path] = ((int)response.StatusCode, document.RootElement.Clone());

            using var head = await api.Http.SendAsync(new(HttpMethod.Head, path), TestContext.Current.CancellationToken);
            head.StatusCode.ShouldBe(response.StatusCode, path);
            Headers(head).ShouldBe(Headers(response), path);
            head.Content.Headers.ContentLength.ShouldNotBeNull().ShouldBeGreaterThan(0);
            (await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty(path);
        }

        return answers;
    }

    private static IEnumerable<string> Headers(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers).Where(header => header.Key is not ("Date" or "Content-Length"))
            .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);

    private static Dictionary<string, (int Status, string? Word)> Statuses(Dictionary<string, (int Status, JsonElement Body)> answers) =>
        answers.ToDictionary(
            answer => answer.Key,
            answer => (answer.Value.Status, answer.Value.Body.TryGetProperty("status", out var word) ? word.GetString() : null),
            StringComparer.Ordinal);

    private static JsonElement Phase(JsonElement startup, string name) =>
        startup.GetProperty("phases").EnumerateArray().Single(phase => phase.GetProperty("name").GetString() == name);

    [GeneratedRegex(
        @"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rfc3339();
}
