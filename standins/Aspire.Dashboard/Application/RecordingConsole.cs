using Aspire.Dashboard.Telemetry;
using Aspire.Hosting.Running;

namespace Aspire.Dashboard.Application;

/// <summary>Keeps what the resources write, and what the engine says of them, on the way to the terminal.</summary>
internal sealed class RecordingConsole(IResourceConsole inner, ConsoleLog log) : IResourceConsole
{
    public void Output(string resourceId, string line, bool isError)
    {
        log.Add(resourceId, line, isError);
        inner.Output(resourceId, line, isError);
    }

    public void State(string resourceId, string line)
    {
        log.Add(resourceId, line, isError: false);
        inner.State(resourceId, line);
    }

    public void Host(string line, bool isError = false) => inner.Host(line, isError);
}
