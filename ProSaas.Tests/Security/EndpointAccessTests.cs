namespace ProSaas.Tests.Security;

/// <summary>
/// Who is let in where, for every endpoint of the API's description. A new one fails here
/// until it says which kind it is.
/// </summary>
public sealed class EndpointAccessTests(PostgresFixture postgres, ApiFixture fixture)
{
    private const string InBusiness = "/api/businesses/{businessId}";

    /// <summary>Those that anybody may call, and why.</summary>
    private static readonly Dictionary<string, string> Public = new(StringComparer.Ordinal)
    {
        ["GET /livez"] = "probes have no account",
        ["GET /alive"] = "probes have no account",
        ["GET /healthz"] = "probes have no account",
        ["GET /api/health"] = "probes and load balancers have no account",
        ["GET /readyz"] = "probes and load balancers have no account",
        ["GET /version"] = "operators see what runs before anybody can log in",
        ["GET /api/startup"] = "operators see the start before anybody can log in",
        ["POST /api/auth/login"] = "the way in",
        ["POST /api/auth/token"] = "the way in of programs",
        ["POST /api/auth/refresh"] = "its token is the proof",
        ["POST /api/auth/setup"] = "its code is the proof, and works as long as nobody can log in",
    };

    /// <summary>Those that answer each account with what is its own.</summary>
    private static readonly HashSet<string> OfTheAccount = new(StringComparer.Ordinal)
    {
        "GET /api/auth/me", "POST /api/auth/logout", "POST /api/auth/password", "GET /api/businesses", "GET /api/speech/voices",
    };

    /// <summary>Those of the platform's administrators.</summary>
    private static readonly HashSet<string> OfThePlatform = new(StringComparer.Ordinal)
    {
        "POST /api/businesses", "POST /api/accounts", "POST /api/accounts/{id}/disable", "POST /api/accounts/{id}/enable",
        "DELETE /api/businesses/{businessId}", "DELETE /api/accounts/{id}", "POST /api/startup/rewarm",
    };

    /// <summary>Those of the WhatsApp service, which has a secret and no account.</summary>
    private static readonly HashSet<string> OfTheWhatsAppService =
        new(StringComparer.Ordinal) { "POST /api/whatsapp/messages", "POST /api/whatsapp/sessions" };

    [Fact]
    public async Task Every_endpoint_is_of_a_known_kind_and_every_known_one_is_there()
    {
        var endpoints = await EndpointsAsync(await fixture.GetAsync(postgres));

        endpoints.Where(endpoint => !IsKnown(endpoint)).Select(endpoint => endpoint.Name).ShouldBeEmpty("say in this test who may call it");
        endpoints.Count(endpoint => endpoint.Path.StartsWith(InBusiness, StringComparison.Ordinal)).ShouldBeGreaterThan(10);
        string[] named = [.. Public.Keys, .. OfTheAccount, .. OfThePlatform, .. OfTheWhatsAppService];
        named.Except(endpoints.Select(endpoint => endpoint.Name)).ShouldBeEmpty("it is gone: take it out of this test");
    }

    [Fact]
    public async Task Without_login_every_endpoint_but_the_public_ones_answers_401()
    {
        var api = await fixture.GetAsync(postgres);
        using var client = api.CreateClient();

        foreach (var endpoint in (await EndpointsAsync(api)).Where(endpoint => !Public.ContainsKey(endpoint.Name)))
        {
            (await SendAsync(client, endpoint, business: 1)).Status.ShouldBe(HttpStatusCode.Unauthorized, endpoint.Name);
        }
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("member")]
    public async Task With_another_business_every_endpoint_of_a_business_answers_404(string role)
    {
        var api = await fixture.GetAsync(postgres);
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(2, role)]));

        foreach (var endpoint in (await EndpointsAsync(api))
            .Where(endpoint => endpoint.Path.StartsWith(InBusiness, StringComparison.Ordinal) && !OfThePlatform.Contains(endpoint.Name)))
        {
            var answer = await SendAsync(client, endpoint, business: 1);
            (answer.Status, answer.Problem).ShouldBe((HttpStatusCode.NotFound, "not-found"), endpoint.Name);
        }
    }

    [Fact]
    public async Task Owner_of_a_business_is_no_administrator_of_the_platform_and_no_service()
    {
        var api = await fixture.GetAsync(postgres);
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "owner")]));

        foreach (var endpoint in (await EndpointsAsync(api))
            .Where(endpoint => OfThePlatform.Contains(endpoint.Name) || OfTheWhatsAppService.Contains(endpoint.Name)))
        {
            (await SendAsync(client, endpoint, business: 1)).Status.ShouldBe(HttpStatusCode.Forbidden, endpoint.Name);
        }
    }

    private static bool IsKnown(Endpoint endpoint) =>
        endpoint.Path.StartsWith(InBusiness, StringComparison.Ordinal)
        || Public.ContainsKey(endpoint.Name)
        || OfTheAccount.Contains(endpoint.Name) || OfThePlatform.Contains(endpoint.Name) || OfTheWhatsAppService.Contains(endpoint.Name);

    private static async Task<IReadOnlyList<Endpoint>> EndpointsAsync(TestApi api)
    {
        using var client = api.CreateClient();
        var description = await client.GetAsync("/openapi/v1.json");
        return [.. from path in description.Json.GetProperty("paths").EnumerateObject()
                   from operation in path.Value.EnumerateObject()
                   where operation.Name is not "head" // As GET, which is there too.
                   select new Endpoint(
                       operation.Name.ToUpperInvariant(), path.Name.Length > 1 ? path.Name.TrimEnd('/') : path.Name, operation.Value)];
    }

    /// <summary>With ids of rows that are there, so that only the caller's rights are in the way.</summary>
    private static Task<ApiAnswer> SendAsync(ApiClient client, Endpoint endpoint, long business)
    {
        var path = endpoint.Path.Replace("{businessId}", $"{business}", StringComparison.Ordinal);
        while (path.IndexOf('{', StringComparison.Ordinal) is >= 0 and var start)
        {
            path = string.Concat(path.AsSpan(0, start), "1", path.AsSpan(path.IndexOf('}', StringComparison.Ordinal) + 1));
        }

        object? body = endpoint.Description.TryGetProperty("requestBody", out _) ? new { } : null;
        return client.SendAsync(new HttpMethod(endpoint.Method), path, body);
    }

    private sealed record Endpoint(string Method, string Path, JsonElement Description)
    {
        public string Name => $"{Method} {Path}";
    }
}
