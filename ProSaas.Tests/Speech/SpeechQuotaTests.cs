using System.Net.Http.Json;

namespace ProSaas.Tests.Speech;

/// <summary>What a business may have spoken a day, counted in the database for two replicas.</summary>
public sealed class SpeechQuotaTests(PostgresFixture postgres)
{
    private const int Daily = 100;

    [Fact]
    public async Task Day_that_is_spent_is_spent_on_every_replica_until_the_businesss_midnight()
    {
        AudioTools.Need();
        await using var one = await TestApi.StartAsync(postgres, ("Speech__DailyCharacters", $"{Daily}"));
        await using var two = await TestApi.StartAsync(one.Database, ("Speech__DailyCharacters", $"{Daily}"));
        var account = await one.Accounts.CreateAsync(memberships: [(1, "member"), (2, "member")]);
        using var first = await one.LogInAsync(account);
        using var second = await two.LogInAsync(account);
        await Database.ExecuteAsync(one.Database.Owner, "UPDATE businesses SET time_zone = 'Pacific/Kiritimati' WHERE id = 1");

        (await SpeakAsync(first, Text(60, 'a'))).Status.ShouldBe(HttpStatusCode.OK);
        (await SpeakAsync(first, Text(60, 'a'))).Status.ShouldBe(HttpStatusCode.OK, "the cache costs nothing");
        (await SpentAsync(one)).ShouldBe(60);

        var refused = await second.PostAsync("/api/businesses/1/speech", new { text = Text(41, 'b'), format = "wav" });
        (refused.Status, refused.Problem).ShouldBe((HttpStatusCode.TooManyRequests, "speech-quota-spent"), refused.Text);
        var midnight = await Database.ScalarAsync<decimal>(one.Database.Owner, """
            SELECT extract(epoch FROM ((now() AT TIME ZONE 'Pacific/Kiritimati')::date + 1)::timestamp
                AT TIME ZONE 'Pacific/Kiritimati' - now())
            """);
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBe((double)midnight, 60);
        (await SpentAsync(one)).ShouldBe(60);

        (await SpeakAsync(second, Text(40, 'c'))).Status.ShouldBe(HttpStatusCode.OK);
        (await SpeakAsync(first, Text(1, 'd'))).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await SpeakAsync(first, Text(60, 'a'))).Status.ShouldBe(HttpStatusCode.OK, "what is in the cache is sent all the same");
        (await SpeakAsync(first, Text(1, 'd'), business: 2)).Status.ShouldBe(HttpStatusCode.OK, "another business has a day of its own");

        await Database.ExecuteAsync(one.Database.Owner, "UPDATE speech_usage SET day = day - 1 WHERE business_id = 1");
        (await SpeakAsync(first, Text(2, 'e'))).Status.ShouldBe(HttpStatusCode.OK, "it is another day");
        (await SpentAsync(one)).ShouldBe(2);
    }

    [Fact]
    public async Task Requests_at_once_do_not_get_past_the_limit_together()
    {
        AudioTools.Need();
        await using var api = await TestApi.StartAsync(postgres, ("Speech__DailyCharacters", $"{Daily}"));
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member")]));

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(index => SpeakAsync(client, Text(30, (char)('a' + index)))));

        answers.Count(answer => answer.Status is HttpStatusCode.OK).ShouldBe(3);
        answers.Count(answer => answer.Status is HttpStatusCode.TooManyRequests).ShouldBe(9);
        (await SpentAsync(api)).ShouldBe(90);
    }

    [Fact]
    public async Task What_was_made_stays_counted_when_the_client_leaves_and_the_rest_is_given_back()
    {
        await using var google = await GoogleServer.StartAsync();
        await using var api = await TestApi.StartAsync(postgres, google.Environment);
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member")]));
        await Eventually.TrueAsync(() => google.Warmups > 0, "the provider is warm");
        google.Next(_ => Task.CompletedTask, GoogleServer.Hangs);
        var text = string.Concat(Enumerable.Repeat("A sentence of thirty letters. ", 200)).Trim();
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/businesses/1/speech", UriKind.Relative));
        request.Content = JsonContent.Create(new { text, format = "mp3" });
        var asking = client.SendAsync(request, leave.Token);
        await Eventually.TrueAsync(() => google.Requests.Count == 2, "the second segment is asked for");

        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            using var answer = await asking;
        });

        var made = google.Requests[0].Input.Text.Length;
        made.ShouldBeInRange(1, text.Length - 1);
        await Eventually.TrueAsync(async () => await SpentAsync(api) == made, "what was made is counted");
    }

    [Fact]
    public async Task Pauses_cost_what_as_much_speech_would()
    {
        AudioTools.Need();
        await using var api = await TestApi.StartAsync(postgres);
        using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member")]));
        const string Ssml = "<speak>Hi<break time=\"9.5s\"/></speak>";

        var answer = await client.PostAsync("/api/businesses/1/speech", new { ssml = Ssml, format = "wav", language = "en-US" });

        answer.Status.ShouldBe(HttpStatusCode.OK);
        (await SpentAsync(api)).ShouldBe(Ssml.Length + 143);
    }

    private static string Text(int length, char letter) => string.Create(CultureInfo.InvariantCulture, $"{letter}").PadLeft(length, 'o');

    private static Task<long> SpentAsync(TestApi api) =>
        Database.ScalarAsync<long>(api.Database.Owner, "SELECT characters FROM speech_usage WHERE business_id = 1");

    private static Task<SpeechAnswer> SpeakAsync(ApiClient client, string text, long business = 1) =>
        SpeechAnswer.AskAsync(client, $"/api/businesses/{business}/speech", new { text, format = "wav", language = "en-US", rate = 1 });
}
