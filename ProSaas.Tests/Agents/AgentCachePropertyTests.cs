using CsCheck;
using Microsoft.Agents.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ProSaas.Api.Agents;

namespace ProSaas.Tests.Agents;

public sealed class AgentCachePropertyTests
{
    [Fact]
    public Task Callers_that_come_at_once_share_one_agent_a_version_and_never_get_an_older_one()
        => Gen.Int[1, 4].Array[2, 8].SampleAsync(AskAtOnceAsync, iter: 200, threads: 1);

    private static async Task AskAtOnceAsync(int[] versions)
    {
        await using var services = new ServiceCollection().BuildServiceProvider();
        using var client = new EmbeddedAnswerer();
        var cache = new AgentCache(new AgentFactory(client, NullLoggerFactory.Instance, services));
        using var start = new Barrier(versions.Length);

        var asked = await Task.WhenAll(versions.Select(version => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return (Version: version, Agent: (ChatClientAgent)cache.GetOrCreate(Profiles.OfVersion(version), AgentChannel.Calls));
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        asked.ShouldAllBe(answer => VersionOf(answer.Agent) >= answer.Version);
        asked.Select(answer => answer.Agent).Distinct().GroupBy(VersionOf).ShouldAllBe(made => made.Count() == 1);
        VersionOf((ChatClientAgent)cache.GetOrCreate(Profiles.OfVersion(1), AgentChannel.Calls)).ShouldBe(versions.Max());
    }

    // The profile's greeting names its version, and the instructions repeat it.
    private static int VersionOf(ChatClientAgent agent) => int.Parse(agent.Instructions!.Split("version ")[1].Split('.')[0], null);
}
