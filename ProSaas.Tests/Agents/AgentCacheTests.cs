using Microsoft.Agents.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ProSaas.Api.Agents;

namespace ProSaas.Tests.Agents;

public sealed class AgentCacheTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly EmbeddedAnswerer _client = new();

    [Fact]
    public async Task Agent_is_made_once_however_many_callers_wait()
    {
        var cache = NewCache();
        var profile = Profiles.Bakery();
        using var start = new Barrier(16);

        var agents = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return cache.GetOrCreate(profile, AgentChannel.Calls);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        agents.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void Channels_and_businesses_have_agents_of_their_own()
    {
        var cache = NewCache();

        new[]
        {
            cache.GetOrCreate(Profiles.Bakery(1), AgentChannel.Calls),
            cache.GetOrCreate(Profiles.Bakery(1), AgentChannel.WhatsApp),
            cache.GetOrCreate(Profiles.Bakery(2), AgentChannel.Calls),
        }.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task Agent_answers_from_the_business_own_faq()
    {
        var profile = Profiles.Bakery(1, new FaqAnswer("Do you deliver on Friday?", "Until noon."), new FaqAnswer("מה שעות הפתיחה?", "משבע עד שבע."));
        var agent = NewCache().GetOrCreate(profile, AgentChannel.WhatsApp);

        (await AskAsync(agent, "do you deliver on friday")).ShouldBe("Until noon.");
        (await AskAsync(agent, "מה שעות הפתיחה שלכם?")).ShouldBe("משבע עד שבע.");
        (await AskAsync(agent, "who won the cup in 1974?")).ShouldContain("do not know");
        (await AskAsync(agent, "מי זכה בגביע?")).ShouldContain("אין לי תשובה");
    }

    [Fact]
    public void Prompt_is_composed_from_the_business_and_differs_by_channel()
    {
        var profile = Profiles.Bakery(1, new FaqAnswer("Q1", "A1"));

        var calls = AgentPrompt.Compose(profile, AgentChannel.Calls);
        calls.ShouldContain("Bakery");
        calls.ShouldContain("Good morning!");
        calls.ShouldContain("Be brief.");
        calls.ShouldContain("A1");
        AgentPrompt.Compose(profile, AgentChannel.WhatsApp).ShouldNotBe(calls);
    }

    public void Dispose()
    {
        _client.Dispose();
        _services.Dispose();
    }

    private static async Task<string> AskAsync(AIAgent agent, string question)
        => (await agent.RunAsync(question, cancellationToken: TestContext.Current.CancellationToken)).Text;

    private AgentCache NewCache() => new(new AgentFactory(_client, NullLoggerFactory.Instance, _services));
}
