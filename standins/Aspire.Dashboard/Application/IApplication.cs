using Aspire.Dashboard.Telemetry;

namespace Aspire.Dashboard.Application;

/// <summary>The application that is shown.</summary>
public interface IApplication
{
    /// <summary>What its AppHost is called.</summary>
    string Name { get; }

    /// <summary>Says that a resource changed.</summary>
    ChangeSignal Changes { get; }

    /// <summary>The resources in the order in which they were described, a row a replica.</summary>
    IReadOnlyList<ApplicationResource> GetResources();

    /// <summary>Runs a command to its end, even if whoever asked for it goes away.</summary>
    /// <param name="resource">The name of a resource or of one of its replicas.</param>
    /// <param name="command">The command's name.</param>
    /// <param name="isConfirmed">Whether its confirmation was given; without it such a command is not run.</param>
    Task<ResourceCommandResult> ExecuteAsync(string resource, string command, bool isConfirmed);
}
