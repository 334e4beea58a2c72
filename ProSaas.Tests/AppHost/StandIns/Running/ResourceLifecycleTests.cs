using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace ProSaas.Tests.AppHost.StandIns.Running;

public sealed class ResourceLifecycleTests
{
    /// <summary>Every change of state there is; what is not listed cannot happen.</summary>
    private static readonly Dictionary<(string State, ResourceTrigger Trigger), string> Changes = new()
    {
        [(KnownResourceStates.NotStarted, ResourceTrigger.StartRequested)] = KnownResourceStates.Waiting,
        [(KnownResourceStates.Exited, ResourceTrigger.StartRequested)] = KnownResourceStates.Waiting,
        [(KnownResourceStates.Finished, ResourceTrigger.StartRequested)] = KnownResourceStates.Waiting,
        [(KnownResourceStates.FailedToStart, ResourceTrigger.StartRequested)] = KnownResourceStates.Waiting,
        [(KnownResourceStates.Waiting, ResourceTrigger.DependenciesReady)] = KnownResourceStates.Starting,
        [(KnownResourceStates.Waiting, ResourceTrigger.DependencyFailed)] = KnownResourceStates.FailedToStart,
        [(KnownResourceStates.Waiting, ResourceTrigger.StopRequested)] = KnownResourceStates.Exited,
        [(KnownResourceStates.Starting, ResourceTrigger.Launched)] = KnownResourceStates.Running,
        [(KnownResourceStates.Starting, ResourceTrigger.LaunchFailed)] = KnownResourceStates.FailedToStart,
        [(KnownResourceStates.Starting, ResourceTrigger.StopRequested)] = KnownResourceStates.Exited,
        [(KnownResourceStates.Running, ResourceTrigger.Ended)] = KnownResourceStates.Finished,
        [(KnownResourceStates.Running, ResourceTrigger.StopRequested)] = KnownResourceStates.Stopping,
        [(KnownResourceStates.Stopping, ResourceTrigger.Stopped)] = KnownResourceStates.Exited,
    };

    private static readonly string[] States =
    [
        KnownResourceStates.NotStarted, KnownResourceStates.Waiting, KnownResourceStates.Starting, KnownResourceStates.Running,
        KnownResourceStates.Stopping, KnownResourceStates.Exited, KnownResourceStates.Finished, KnownResourceStates.FailedToStart,
    ];

    public static TheoryData<string, string, string?> EveryCase()
    {
        var cases = new TheoryData<string, string, string?>();
        foreach (var state in States)
        {
            foreach (var trigger in Enum.GetValues<ResourceTrigger>())
            {
                cases.Add(state, trigger.ToString(), Changes.GetValueOrDefault((state, trigger)));
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(EveryCase))]
    public void Trigger_leads_to_one_state_or_cannot_happen(string state, string trigger, string? next) =>
        ResourceLifecycle.Next(state, Enum.Parse<ResourceTrigger>(trigger)).ShouldBe(next);

    [Fact]
    public void Terminal_states_are_those_that_only_a_start_leaves() =>
        States.Where(ResourceLifecycle.IsTerminal).ShouldBe([KnownResourceStates.Exited, KnownResourceStates.Finished, KnownResourceStates.FailedToStart]);
}
