using System.Text.Json.Nodes;

namespace ProSaas.Tests.Businesses;

public sealed class AuditTests(PostgresFixture postgres, ApiFixture fixture) : OneBusinessTests(postgres, fixture)
{
    [Fact]
    public async Task Each_change_is_one_entry_that_says_who_what_before_after_when_and_from_where()
    {
        var started = DateTimeOffset.UtcNow;
        var owner = await Business.OwnerAsync();
        var me = (await owner.GetAsync("/api/auth/me")).Json;
        var other = await Business.Api.Accounts.CreateAsync();
        var body = TestBusiness.Body("Dana's");
        body["openingHours"] = new JsonArray(new JsonObject { ["day"] = "sunday", ["opens"] = "09:00", ["closes"] = "17:00" });
        await owner.SendAsync(HttpMethod.Put, Business.Path, body, ("If-Match", (await owner.GetAsync(Business.Path)).Headers.ETag!.Tag));
        var faq = await owner.PostAsync($"{Business.Path}/faq", new { question = "מתי?", answer = "היום" });
        await owner.SendAsync(HttpMethod.Put, faq.Headers.Location!.ToString(), new { question = "מתי?", answer = "מחר" }, (
            "If-Match",
            faq.Headers.ETag!.Tag));
        await owner.SendAsync(HttpMethod.Delete, faq.Headers.Location!.ToString());
        await owner.PostAsync($"{Business.Path}/members", new { email = other.Email, role = "member" });
        await owner.SendAsync(HttpMethod.Put, $"{Business.Path}/members/{other.Id}", new { role = "owner" });
        await owner.SendAsync(HttpMethod.Delete, $"{Business.Path}/members/{other.Id}");
        await owner.PostAsync($"{Business.Path}/deactivate");

        var entries = (await owner.GetAsync($"{Business.Path}/audit")).Json.GetProperty("items").EnumerateArray().Reverse().ToList();

        entries.Select(entry => entry.GetProperty("action").GetString()).ShouldBe(
        [
            "business.created", "business.updated", "faq_entry.created", "faq_entry.updated", "faq_entry.deleted",
            "business_member.created", "business_member.updated", "business_member.deleted", "business.updated",
        ]);
        entries.Select(entry => entry.GetProperty("subjectId").GetInt64()).ShouldBe(
            [Business.Id, Business.Id, Id(faq), Id(faq), Id(faq), other.Id, other.Id, other.Id, Business.Id]);
        entries.Skip(1).ShouldAllBe(entry => entry.GetProperty("accountId").GetInt64() == me.GetProperty("id").GetInt64()
            && entry.GetProperty("accountEmail").GetString() == me.GetProperty("email").GetString());
        entries.ShouldAllBe(entry => entry.GetProperty("clientAddress").GetString() == "127.0.0.1"
            && entry.GetProperty("at").GetDateTimeOffset() > started.AddMinutes(-1)
            && entry.GetProperty("at").GetDateTimeOffset() < DateTimeOffset.UtcNow.AddMinutes(1));
        Change(1).ShouldBe((
            """{"name":"מספרת דנה","openingHours":[]}""",
            """{"name":"Dana's","openingHours":[{"day":"sunday","opens":"09:00:00","closes":"17:00:00"}]}"""));
        Change(2).ShouldBe(("null", """{"answer":"היום","position":0,"question":"מתי?"}"""));
        Change(3).ShouldBe(("""{"answer":"היום"}""", """{"answer":"מחר"}"""));
        Change(4).ShouldBe(("""{"answer":"מחר","position":0,"question":"מתי?"}""", "null"));
        Change(6).ShouldBe(("""{"role":"member"}""", """{"role":"owner"}"""));
        Change(8).ShouldBe(("""{"isActive":true}""", """{"isActive":false}"""));

        static long Id(ApiAnswer answer) => answer.Json.GetProperty("id").GetInt64();
        (string, string) Change(int index) =>
            (entries[index].GetProperty("before").GetRawText(), entries[index].GetProperty("after").GetRawText());
    }

    [Fact]
    public async Task Change_that_is_refused_or_changes_nothing_leaves_no_entry()
    {
        var owner = await Business.OwnerAsync();
        var tag = (await owner.GetAsync(Business.Path)).Headers.ETag!.Tag;

        (await owner.SendAsync(HttpMethod.Put, Business.Path, TestBusiness.Body(), ("If-Match", tag))).Status.ShouldBe(HttpStatusCode.OK);
        (await owner.SendAsync(HttpMethod.Put, Business.Path, TestBusiness.Body(" "), ("If-Match", tag))).Status
            .ShouldBe(HttpStatusCode.BadRequest);
        (await owner.SendAsync(HttpMethod.Put, Business.Path, TestBusiness.Body("x"), ("If-Match", "\"0\""))).Status
            .ShouldBe(HttpStatusCode.PreconditionFailed);
        await owner.PostAsync($"{Business.Path}/activate");

        (await owner.GetAsync($"{Business.Path}/audit")).Json.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Entries_come_in_pages_the_latest_first()
    {
        foreach (var number in Enumerable.Range(1, 4))
        {
            await Admin.PostAsync($"{Business.Path}/faq", new { question = $"q{number}", answer = "a" });
        }

        var first = (await Admin.GetAsync($"{Business.Path}/audit?limit=3")).Json;
        var second = (await Admin.GetAsync($"{Business.Path}/audit?limit=3&cursor={first.GetProperty("nextCursor").GetString()}")).Json;

        Questions(first).ShouldBe(["q4", "q3", "q2"]);
        Questions(second).ShouldBe(["q1", null]);
        second.GetProperty("nextCursor").ValueKind.ShouldBe(JsonValueKind.Null);

        static IEnumerable<string?> Questions(JsonElement page) => page.GetProperty("items").EnumerateArray()
            .Select(entry => entry.GetProperty("after").TryGetProperty("question", out var question) ? question.GetString() : null);
    }

    [Theory]
    [InlineData("prosaas_app", "UPDATE audit_entries SET account_email = 'x'")]
    [InlineData("prosaas_app", "DELETE FROM audit_entries")]
    [InlineData("prosaas_app", "TRUNCATE audit_entries")]
    [InlineData("prosaas_system", "UPDATE audit_entries SET account_email = 'x', action = 'x'")]
    [InlineData("prosaas_system", "UPDATE audit_entries SET account_id = 1")]
    [InlineData("prosaas_system", "DELETE FROM audit_entries")]
    [InlineData("prosaas_system", "TRUNCATE audit_entries")]
    public async Task Entry_is_changed_or_removed_by_no_role_of_the_api(string role, string statement)
    {
        await using var connection = await Database.OpenAsync(Api.Database.Runtime);
        if (role is "prosaas_system")
        {
            await Database.ExecuteAsync(connection, $"SET ROLE {role}");
        }

        var refusal = await Should.ThrowAsync<PostgresException>(() => Database.ExecuteAsync(connection, statement));

        refusal.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }
}
