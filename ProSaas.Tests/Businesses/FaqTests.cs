using ProSaas.Api.Businesses;

namespace ProSaas.Tests.Businesses;

public sealed class FaqTests(PostgresFixture postgres, ApiFixture fixture) : OneBusinessTests(postgres, fixture)
{
    [Fact]
    public async Task Member_writes_changes_and_removes_entries_and_agents_learn_of_each()
    {
        var member = await Business.MemberAsync();
        var version = await VersionAsync();

        var created = await member.PostAsync($"{Business.Path}/faq", new { question = "מתי פתוח?", answer = "כל יום", position = 2 });
        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        (await VersionAsync()).ShouldBe(version + 1);

        var path = created.Headers.Location!.ToString();
        var updated = await member.SendAsync(HttpMethod.Put, path, new { question = "מתי פתוח?", answer = "ימים א׳–ה׳", position = 2 }, (
            "If-Match",
            created.Headers.ETag!.Tag));
        updated.Status.ShouldBe(HttpStatusCode.OK, updated.Text);
        (await member.GetAsync(path)).Text.ShouldBe(updated.Text);
        (await VersionAsync()).ShouldBe(version + 2);

        (await member.SendAsync(HttpMethod.Delete, path)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await member.GetAsync(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await member.SendAsync(HttpMethod.Delete, path)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await VersionAsync()).ShouldBe(version + 3);
    }

    [Fact]
    public async Task Entries_are_listed_by_position_and_then_as_they_came()
    {
        foreach (var (question, position) in new[] { ("last", 2), ("first", 1), ("second", 1) })
        {
            (await Admin.PostAsync($"{Business.Path}/faq", new { question, answer = "a", position })).Status
                .ShouldBe(HttpStatusCode.Created);
        }

        var list = await Admin.GetAsync($"{Business.Path}/faq");

        list.Json.GetProperty("items").EnumerateArray().Select(entry => entry.GetProperty("question").GetString())
            .ShouldBe(["first", "second", "last"]);
    }

    [Fact]
    public async Task Entry_of_another_business_is_out_of_reach_through_ones_own()
    {
        var theirs = await Admin.PostAsync("/api/businesses/1/faq", new { question = "theirs", answer = "theirs" });
        var path = $"{Business.Path}/faq/{theirs.Json.GetProperty("id").GetInt64()}";

        foreach (var client in new[] { await Business.OwnerAsync(), Admin })
        {
            (await client.GetAsync(path)).Problem.ShouldBe("not-found");
            (await client.SendAsync(
                HttpMethod.Put, path, new { question = "mine", answer = "mine" }, ("If-Match", theirs.Headers.ETag!.Tag))).Problem
                .ShouldBe("not-found");
            (await client.SendAsync(HttpMethod.Delete, path)).Problem.ShouldBe("not-found");
        }

        (await Admin.GetAsync(theirs.Headers.Location!.ToString())).Text.ShouldBe(theirs.Text);
        await Admin.SendAsync(HttpMethod.Delete, theirs.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Of_changes_at_once_with_one_tag_one_is_made()
    {
        var entry = await Admin.PostAsync($"{Business.Path}/faq", new { question = "q", answer = "a" });

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => Admin.SendAsync(
            HttpMethod.Put,
            entry.Headers.Location!.ToString(),
            new { question = "q", answer = $"answer {number}" },
            ("If-Match", entry.Headers.ETag!.Tag))));

        answers.Count(answer => answer.Status is HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.Status is HttpStatusCode.PreconditionFailed).ShouldBe(5);
    }

    [Fact]
    public async Task Entry_with_wrong_fields_is_told_which()
    {
        var refused = await Admin.PostAsync(
            $"{Business.Path}/faq",
            new { question = " ", answer = new string('א', FaqEntryRequestValidator.MaxAnswer + 1), position = -1 });

        (refused.Status, refused.Problem).ShouldBe((HttpStatusCode.BadRequest, "validation"));
        refused.ErrorNames.ShouldBe(["question", "answer", "position"]);
    }

    [Fact]
    public async Task Entries_beyond_what_a_prompt_can_hold_are_refused()
    {
        await Database.ExecuteAsync(
            Business.Api.Database.Owner,
            $"INSERT INTO faq_entries (business_id, question, answer) SELECT {Business.Id}, 'q', 'a' FROM generate_series(1, {FaqEndpoints.MaxEntries})");

        var refused = await Admin.PostAsync($"{Business.Path}/faq", new { question = "one more", answer = "a" });

        (refused.Status, refused.Problem).ShouldBe((HttpStatusCode.Conflict, "faq-full"));
    }

    [Fact]
    public async Task Entries_made_at_once_do_not_pass_the_limit()
    {
        await Database.ExecuteAsync(
            Business.Api.Database.Owner,
            $"INSERT INTO faq_entries (business_id, question, answer) SELECT {Business.Id}, 'q', 'a' FROM generate_series(1, {FaqEndpoints.MaxEntries - 1})");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            number => Admin.PostAsync($"{Business.Path}/faq", new { question = $"question {number}", answer = "a" })));

        answers.Count(answer => answer.Status is HttpStatusCode.Created).ShouldBe(1);
        answers.Where(answer => answer.Status is not HttpStatusCode.Created).ShouldAllBe(answer => answer.Problem == "faq-full");
    }
}
