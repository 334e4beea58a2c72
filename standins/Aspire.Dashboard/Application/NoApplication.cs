using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Application;

/// <summary>What a dashboard by itself shows: telemetry alone.</summary>
internal sealed class NoApplication(TimeProvider time) : IApplication
{
    public string Name => "Telemetry";

    public ChangeSignal Changes { get; } = new(time);

    public IReadOnlyList<ApplicationResource> GetResources() => [];

    public Task<ResourceCommandResult> ExecuteAsync(string resource, string command, bool isConfirmed) =>
        Task.FromResult(new ResourceCommandResult(IsSuccess: false, $"There is no resource '{resource}'."));
}
