namespace ProSaas.Tests.Businesses;

public sealed class BusinessListTests(PostgresFixture postgres, ApiFixture fixture) : ApiTests(postgres, fixture)
{
    [Fact]
    public async Task Pages_have_every_business_once_in_order_of_their_ids()
    {
        using var client = await Api.LogInAsync(
            await Api.Accounts.CreateAsync(memberships: [.. Enumerable.Range(1, 12).Select(id => ((long)id, "member"))]));
        var ids = new List<long>();
        var sizes = new List<int>();

        for (string? cursor = ""; cursor is not null;)
        {
            var page = (await client.GetAsync($"/api/businesses?limit=5&cursor={cursor}")).Json;
            ids.AddRange(Ids(page));
            sizes.Add(page.GetProperty("items").GetArrayLength());
            cursor = page.GetProperty("nextCursor").GetString();
        }

        ids.ShouldBe(Enumerable.Range(1, 12).Select(id => (long)id));
        sizes.ShouldBe([5, 5, 2]);
    }

    [Fact]
    public async Task Cursor_of_somebody_else_shows_nothing_of_theirs()
    {
        using var other = await Api.LogInAsync(await Api.Accounts.CreateAsync(memberships: [(3, "owner"), (4, "owner"), (5, "owner")]));
        using var client = await Api.LogInAsync(await Api.Accounts.CreateAsync(memberships: [(2, "owner"), (6, "member")]));
        var theirs = (await other.GetAsync("/api/businesses?limit=1")).Json.GetProperty("nextCursor").GetString();

        Ids((await client.GetAsync($"/api/businesses?cursor={theirs}")).Json).ShouldBe([6]);
    }

    [Theory]
    [InlineData("cursor=AAAA", "cursor")]
    [InlineData("cursor=%D7%90", "cursor")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1000", "limit")]
    [InlineData("search=a%00b", "search")]
    public async Task List_with_a_parameter_that_is_not_valid_is_refused(string query, string parameter)
    {
        using var client = await Api.LogInAsync(await Api.Accounts.CreateAsync(memberships: [(1, "owner")]));

        var refused = await client.GetAsync($"/api/businesses?{query}");

        (refused.Status, refused.Problem).ShouldBe((HttpStatusCode.BadRequest, "validation"));
        refused.ErrorNames.ShouldBe([parameter]);
    }

    [Theory]
    [InlineData("נאפולי", true)]
    [InlineData("CAFÉ", true)]
    [InlineData("03-610-2001", true)]
    [InlineData("+972 3 610 2001", true)]
    [InlineData("6102001", true)]
    [InlineData("100%", true)]
    [InlineData("\\", false)]
    [InlineData("1__%", false)]
    [InlineData("03-610-2002", false)]
    public async Task Search_finds_a_part_of_the_name_or_of_a_number(string search, bool found)
    {
        var id = await Database.ScalarAsync<long>(Api.Database.Owner, """
            INSERT INTO businesses (name, business_type, greeting, system_prompt, phone_e164) VALUES ('נאפולי café 100% פיצה', 't', 'g', 's', '+97236102001')
            ON CONFLICT (phone_e164) DO UPDATE SET name = EXCLUDED.name RETURNING id
            """);
        using var client = await Api.LogInAsync(await Api.Accounts.CreateAsync(memberships: [(id, "member"), (12, "member")]));

        Ids((await client.GetAsync($"/api/businesses?search={Uri.EscapeDataString(search)}")).Json).ShouldBe(found ? [id] : []);
    }

    [Fact]
    public async Task Administrator_of_the_platform_lists_all_and_an_account_of_no_business_none()
    {
        using var admin = await Api.LogInAsync(await Api.Accounts.CreateAsync(isSystemAdmin: true));
        using var nobody = await Api.LogInAsync(await Api.Accounts.CreateAsync());

        Ids((await admin.GetAsync("/api/businesses?limit=12")).Json).ShouldBe(Enumerable.Range(1, 12).Select(id => (long)id));
        Ids((await nobody.GetAsync("/api/businesses")).Json).ShouldBeEmpty();
    }

    private static IEnumerable<long> Ids(JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64());
}
