using CsCheck;
using Microsoft.Extensions.Options;
using ProSaas.Api.Agents;
using ProSaas.Data.Conversations;

namespace ProSaas.Tests.Agents;

public sealed class AgentCachePropertyTests
{
    [Fact]
    public Task Callers_that_come_at_once_share_one_agent_a_version_and_never_get_an_older_one()
        => Gen.Int[1, 4].Array[2, 8].SampleAsync(AskAtOnceAsync, iter: 200, threads: 1);

    private static async Task AskAtOnceAsync(int[] versions)
    {
        using var client = new FixedAnswerer();
        var cache = new AgentCache(new AgentFactory(client, TimeProvider.System), Options.Create(new AgentWarmupOptions()));
        using var start = new Barrier(versions.Length);

        var asked = await Task.WhenAll(versions.Select(version => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return (Version: version, Agent: cache.GetOrCreate(Profiles.Bakery(version: version), AgentChannel.Calls));
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        asked.ShouldAllBe(answer => answer.Agent.Business.Version >= answer.Version);
        asked.Select(answer => answer.Agent).Distinct().GroupBy(agent => agent.Business.Version).ShouldAllBe(made => made.Count() == 1);
        cache.GetOrCreate(Profiles.Bakery(version: 1), AgentChannel.Calls).Business.Version.ShouldBe(versions.Max());
    }
}
