using System.Collections.Concurrent;
using Aspire.Dashboard.Application;
using Aspire.Dashboard.Telemetry;

namespace ProSaas.Tests.AppHost.StandIns.Dashboard;

/// <summary>Resources as the test says they are; what was commanded is kept.</summary>
internal sealed class FakeApplication : IApplication
{
    public string Name => "Fake";

    public ChangeSignal Changes { get; } = new(TimeProvider.System);

    public IReadOnlyList<ApplicationResource> Resources { get; set; } = [];

    public ConcurrentQueue<string> Commands { get; } = [];

    public IReadOnlyList<ApplicationResource> GetResources() => Resources;

    public Task<ResourceCommandResult> ExecuteAsync(string resource, string command, bool isConfirmed)
    {
        Commands.Enqueue($"{resource} {command} {isConfirmed}");
        return Task.FromResult(new ResourceCommandResult(IsSuccess: true, "Done."));
    }
}
