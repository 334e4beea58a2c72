using System.Text.Json.Nodes;

namespace ProSaas.Tests.Businesses;

/// <summary>A business of one test, made through the API, and clients of its people.</summary>
internal sealed class TestBusiness : IDisposable
{
    private readonly List<ApiClient> _clients = [];

    private TestBusiness(TestApi api, long id)
    {
        Api = api;
        Id = id;
        Path = $"/api/businesses/{id}";
    }

    public TestApi Api { get; }

    public long Id { get; }

    public string Path { get; }

    /// <summary>A new business named <paramref name="name"/> and the platform's administrator who made it.</summary>
    public static async Task<(TestBusiness Business, ApiClient Admin)> CreateAsync(TestApi api, string name = "מספרת דנה")
    {
        var admin = await api.LogInAsync(await api.Accounts.CreateAsync(isSystemAdmin: true));
        var created = await admin.PostAsync("/api/businesses", Body(name));
        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        var business = new TestBusiness(api, created.Json.GetProperty("id").GetInt64());
        business._clients.Add(admin);
        return (business, admin);
    }

    /// <summary>A valid body, without telephone numbers: those are one business's each.</summary>
    public static JsonObject Body(string name = "מספרת דנה") => new()
    {
        ["name"] = name,
        ["businessType"] = "מספרה",
        ["greeting"] = "שלום, הגעתם למספרת דנה",
        ["systemPrompt"] = "Be brief.",
    };

    public Task<ApiClient> OwnerAsync() => LogInAsync(Id, "owner");

    public Task<ApiClient> MemberAsync() => LogInAsync(Id, "member");

    /// <summary>Somebody who owns another business and has nothing to do with this one.</summary>
    public Task<ApiClient> StrangerAsync() => LogInAsync(businessId: 1, "owner");

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    private async Task<ApiClient> LogInAsync(long businessId, string role)
    {
        var client = await Api.LogInAsync(await Api.Accounts.CreateAsync(memberships: [(businessId, role)]));
        _clients.Add(client);
        return client;
    }
}
