using System.Text.Json.Nodes;

namespace ProSaas.Tests.Businesses;

public sealed class BusinessTests(PostgresFixture postgres, ApiFixture fixture) : OneBusinessTests(postgres, fixture)
{
    [Fact]
    public async Task New_business_is_answered_as_it_was_given_and_read_back_the_same()
    {
        var body = TestBusiness.Body("פיצה \"נאפולי\" 🍕");
        body["phone"] = "03-610-1001";
        body["callsEnabled"] = true;
        body["voice"] = new JsonObject { ["name"] = "he-IL-Wavenet-A", ["speakingRate"] = 1.25 };
        body["openingHours"] = new JsonArray(new JsonObject { ["day"] = "friday", ["opens"] = "18:00", ["closes"] = "02:00" });

        var created = await Admin.PostAsync("/api/businesses", body);

        created.Status.ShouldBe(HttpStatusCode.Created, created.Text);
        created.Json.GetProperty("name").GetString().ShouldBe("פיצה \"נאפולי\" 🍕");
        created.Json.GetProperty("phone").GetString().ShouldBe("+97236101001");
        created.Json.GetProperty("voice").GetProperty("speakingRate").GetDouble().ShouldBe(1.25);
        created.Json.GetProperty("openingHours")[0].GetProperty("closes").GetString().ShouldBe("02:00");
        var read = await Admin.GetAsync(created.Headers.Location!.ToString());
        read.Text.ShouldBe(created.Text);
        read.Headers.CacheControl!.NoStore.ShouldBeTrue();
        read.Headers.ETag.ShouldBe(created.Headers.ETag);
    }

    [Fact]
    public async Task Change_is_saved_and_raises_the_version_that_agents_are_made_from()
    {
        var owner = await Business.OwnerAsync();
        var before = await VersionAsync();
        var body = TestBusiness.Body("Dana's");

        var updated = await owner.SendAsync(HttpMethod.Put, Business.Path, body, ("If-Match", await TagAsync(owner, Business.Path)));

        updated.Status.ShouldBe(HttpStatusCode.OK, updated.Text);
        var read = await owner.GetAsync(Business.Path);
        read.Json.GetProperty("name").GetString().ShouldBe("Dana's");
        read.Headers.ETag.ShouldBe(updated.Headers.ETag);
        (await VersionAsync()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Change_without_the_tag_or_with_an_old_one_is_refused()
    {
        var owner = await Business.OwnerAsync();
        var tag = await TagAsync(owner, Business.Path);
        (await owner.SendAsync(HttpMethod.Put, Business.Path, TestBusiness.Body("First"), ("If-Match", tag))).Status
            .ShouldBe(HttpStatusCode.OK);

        var without = await owner.SendAsync(HttpMethod.Put, Business.Path, TestBusiness.Body("Second"));
        var stale = await owner.SendAsync(HttpMethod.Put, Business.Path, TestBusiness.Body("Second"), ("If-Match", tag));

        (without.Status, without.Problem).ShouldBe((HttpStatusCode.PreconditionRequired, "if-match-required"));
        (stale.Status, stale.Problem).ShouldBe((HttpStatusCode.PreconditionFailed, "changed-meanwhile"));
        (await owner.GetAsync(Business.Path)).Json.GetProperty("name").GetString().ShouldBe("First");
    }

    [Fact]
    public async Task Answer_of_every_seeded_business_and_entry_sent_back_is_taken_and_changes_nothing()
    {
        foreach (var path in Enumerable.Range(1, 12).Select(id => $"/api/businesses/{id}"))
        {
            var first = (await Admin.GetAsync($"{path}/faq")).Json.GetProperty("items")[0].GetProperty("id").GetInt64();
            foreach (var resource in new[] { path, $"{path}/faq/{first}" })
            {
                var read = await Admin.GetAsync(resource);

                var sent = await Admin.SendAsync(HttpMethod.Put, resource, read.Json, ("If-Match", read.Headers.ETag!.Tag));

                (sent.Status, sent.Text, sent.Headers.ETag).ShouldBe((HttpStatusCode.OK, read.Text, read.Headers.ETag));
            }
        }
    }

    [Fact]
    public async Task Of_changes_at_once_with_one_tag_one_is_made()
    {
        var owner = await Business.OwnerAsync();
        var tag = await TagAsync(owner, Business.Path);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            owner.SendAsync(HttpMethod.Put, Business.Path, TestBusiness.Body($"Number {number}"), ("If-Match", tag))));

        answers.Count(answer => answer.Status is HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer.Status is HttpStatusCode.PreconditionFailed).ShouldBe(7);
        var winner = answers.Single(answer => answer.Status is HttpStatusCode.OK);
        (await owner.GetAsync(Business.Path)).Text.ShouldBe(winner.Text);
    }

    [Fact]
    public async Task Customer_who_calls_meanwhile_is_no_reason_to_refuse_a_change()
    {
        var owner = await Business.OwnerAsync();
        var tag = await TagAsync(owner, Business.Path);
        await Database.ExecuteAsync(
            Business.Api.Database.Owner, $"UPDATE businesses SET last_activity_at = now() WHERE id = {Business.Id}");

        (await owner.SendAsync(HttpMethod.Put, Business.Path, TestBusiness.Body("Busy"), ("If-Match", tag))).Status
            .ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Number_of_another_business_is_a_conflict()
    {
        var owner = await Business.OwnerAsync();
        var first = TestBusiness.Body();
        (first["phone"], first["whatsappNumber"]) = ("03-610-1002", "050-610-1002");
        (await Admin.PostAsync("/api/businesses", first)).Status.ShouldBe(HttpStatusCode.Created);
        var (phone, whatsapp) = (TestBusiness.Body(), TestBusiness.Body());
        phone["phone"] = "+972 3 610 1002";
        whatsapp["whatsappNumber"] = "+972 50 610 1002";

        var created = await Admin.PostAsync("/api/businesses", phone);
        var updated = await owner.SendAsync(HttpMethod.Put, Business.Path, whatsapp, ("If-Match", await TagAsync(owner, Business.Path)));

        (created.Status, created.Problem).ShouldBe((HttpStatusCode.Conflict, "number-taken"));
        (updated.Status, updated.Problem).ShouldBe((HttpStatusCode.Conflict, "number-taken"));
    }

    [Fact]
    public async Task Business_is_put_out_of_use_and_back_and_its_agents_with_it()
    {
        var owner = await Business.OwnerAsync();
        var before = await VersionAsync();

        var off = await owner.PostAsync($"{Business.Path}/deactivate");
        var offAgain = await owner.PostAsync($"{Business.Path}/deactivate");
        var changes = await VersionAsync() - before;
        var on = await owner.PostAsync($"{Business.Path}/activate");

        off.Json.GetProperty("isActive").GetBoolean().ShouldBeFalse();
        offAgain.Text.ShouldBe(off.Text);
        changes.ShouldBe(1);
        on.Json.GetProperty("isActive").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Member_reads_the_business_and_its_owner_changes_it()
    {
        var member = await Business.MemberAsync();

        var tag = await TagAsync(member, Business.Path);
        var update = await member.SendAsync(HttpMethod.Put, Business.Path, TestBusiness.Body(), ("If-Match", tag));
        var deactivate = await member.PostAsync($"{Business.Path}/deactivate");

        (update.Status, update.Problem).ShouldBe((HttpStatusCode.Forbidden, "owners-only"));
        (deactivate.Status, deactivate.Problem).ShouldBe((HttpStatusCode.Forbidden, "owners-only"));
    }

    [Fact]
    public async Task Business_of_others_and_none_get_the_same_answer()
    {
        var stranger = await Business.StrangerAsync();

        var others = await stranger.GetAsync(Business.Path);
        var none = await stranger.GetAsync("/api/businesses/999999999");
        var noneOfAll = await Admin.GetAsync("/api/businesses/999999999");
        var impossible = await Admin.GetAsync("/api/businesses/-1");

        (others.Status, others.Problem).ShouldBe((HttpStatusCode.NotFound, "not-found"));
        others.WithoutTrace.ShouldBe(none.WithoutTrace);
        (noneOfAll.Status, noneOfAll.Problem).ShouldBe((HttpStatusCode.NotFound, "not-found"));
        (impossible.Status, impossible.Problem).ShouldBe((HttpStatusCode.NotFound, "no-such-path"));
    }

    private static async Task<string> TagAsync(ApiClient client, string path) => (await client.GetAsync(path)).Headers.ETag!.Tag;
}
