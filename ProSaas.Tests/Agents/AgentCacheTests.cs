using Microsoft.Extensions.Options;
using ProSaas.Api.Agents;
using ProSaas.Data.Businesses;
using ProSaas.Data.Conversations;

namespace ProSaas.Tests.Agents;

public sealed class AgentCacheTests : IDisposable
{
    private const long Budget = 1_048_576;

    private readonly FixedAnswerer _client = new();

    [Fact]
    public async Task Agent_is_made_once_however_many_callers_wait()
    {
        var cache = NewCache();
        var business = Profiles.Bakery();
        using var start = new Barrier(16);

        var agents = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return cache.GetOrCreate(business, AgentChannel.Calls).Agent;
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
            cache.GetOrCreate(Profiles.Bakery(1), AgentChannel.Calls).Agent.Id,
            cache.GetOrCreate(Profiles.Bakery(1), AgentChannel.WhatsApp).Agent.Id,
            cache.GetOrCreate(Profiles.Bakery(2), AgentChannel.Calls).Agent.Id,
        }.ShouldBe(["1:calls", "1:whatsapp", "2:calls"]);
    }

    [Fact]
    public void Agent_of_an_older_version_is_not_found_and_never_replaces_a_newer_one()
    {
        var cache = NewCache();
        cache.GetOrCreate(Profiles.Bakery(version: 2), AgentChannel.Calls);

        cache.Find(1, AgentChannel.Calls, version: 2).ShouldNotBeNull();
        cache.Find(1, AgentChannel.Calls, version: 3).ShouldBeNull();
        cache.Find(1, AgentChannel.WhatsApp, version: 2).ShouldBeNull();
        cache.GetOrCreate(Profiles.Bakery(version: 1), AgentChannel.Calls).Business.Version.ShouldBe(2);
        cache.GetOrCreate(Profiles.Bakery(version: 3), AgentChannel.Calls).Business.Version.ShouldBe(3);
    }

    [Fact]
    public void Business_that_could_not_be_made_is_made_from_the_next_reading_of_the_same_version()
    {
        var cache = NewCache();
        var broken = Profiles.Bakery(hours: OpeningHoursConverter.FromJson("""[{"day":"funday"}]"""));
        var failures = 0;

        cache.Warm(broken, remake: false, (_, _) => failures++).ShouldBe(0);
        cache.Warm(Profiles.Bakery(), remake: false, (_, _) => failures++).ShouldBe(2);

        failures.ShouldBe(2);
    }

    [Fact]
    public void Least_recently_used_business_goes_when_the_budget_is_spent()
    {
        var cache = NewCache();
        for (var id = 1; id <= 10; id++)
        {
            cache.GetOrCreate(Profiles.Bakery(id, promptBytes: 100_000), AgentChannel.Calls);
        }

        cache.Find(1, AgentChannel.Calls, version: 1).ShouldNotBeNull();
        cache.GetOrCreate(Profiles.Bakery(11, promptBytes: 100_000), AgentChannel.Calls);

        Enumerable.Range(1, 11).Where(id => cache.Peek(id, AgentChannel.Calls) is null).ShouldBe([2]);
    }

    [Fact]
    public void Business_larger_than_the_budget_answers_and_pushes_nobody_out()
    {
        var cache = NewCache();
        cache.GetOrCreate(Profiles.Bakery(1), AgentChannel.Calls);

        cache.GetOrCreate(Profiles.Bakery(2, promptBytes: 2_000_000), AgentChannel.Calls).ShouldNotBeNull();

        (cache.Peek(1, AgentChannel.Calls) is null, cache.Peek(2, AgentChannel.Calls) is null).ShouldBe((false, true));
    }

    [Fact]
    public void Warming_pushes_nobody_out_and_says_so()
    {
        var cache = NewCache();
        cache.GetOrCreate(Profiles.Bakery(1, promptBytes: 600_000), AgentChannel.Calls);

        Warm(cache, Profiles.Bakery(2, promptBytes: 600_000)).ShouldBeNull();
        Warm(cache, Profiles.Bakery(3, promptBytes: 100_000)).ShouldBe(2);
        cache.GetOrCreate(Profiles.Bakery(4, promptBytes: 400_000), AgentChannel.Calls);

        // What was only warmed goes before what was used.
        (cache.Peek(1, AgentChannel.Calls) is null, cache.Peek(3, AgentChannel.Calls) is null).ShouldBe((false, true));
    }

    [Fact]
    public void Warming_keeps_agents_of_the_same_version_unless_they_are_to_be_made_anew()
    {
        var cache = NewCache();
        var first = cache.GetOrCreate(Profiles.Bakery(), AgentChannel.Calls);

        Warm(cache, Profiles.Bakery()).ShouldBe(2);
        cache.Peek(1, AgentChannel.Calls).ShouldBeSameAs(first);
        Warm(cache, Profiles.Bakery(), remake: true).ShouldBe(2);
        cache.Peek(1, AgentChannel.Calls).ShouldNotBeSameAs(first);
    }

    [Fact]
    public void Warm_agents_are_found_when_none_can_be_made_any_more()
    {
        var factory = new BreakableFactory(_client);
        var cache = new AgentCache(factory, Options.Create(new AgentWarmupOptions()));
        Warm(cache, Profiles.Bakery());
        factory.IsBroken = true;

        cache.Find(1, AgentChannel.Calls, version: 1).ShouldNotBeNull();
        Should.Throw<InvalidOperationException>(() => cache.GetOrCreate(Profiles.Bakery(2), AgentChannel.Calls));
        factory.IsBroken = false;
        cache.GetOrCreate(Profiles.Bakery(2), AgentChannel.Calls).ShouldNotBeNull("a failure is not kept");
    }

    public void Dispose() => _client.Dispose();

    private static int? Warm(AgentCache cache, BusinessProfile business, bool remake = false)
        => cache.Warm(business, remake, (channel, exception) => throw new InvalidOperationException($"{channel}", exception));

    private AgentCache NewCache() => new(new AgentFactory(_client, TimeProvider.System), Options.Create(new AgentWarmupOptions { MemoryBudget = Budget }));
}
