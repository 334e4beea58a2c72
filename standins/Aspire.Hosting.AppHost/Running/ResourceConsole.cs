using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

/// <summary>Where the lines of resources and the engine's own go.</summary>
internal interface IResourceConsole
{
    /// <summary>A line that a resource wrote.</summary>
    void Output(string resourceId, string line, bool isError);

    /// <summary>A line of the engine about a resource.</summary>
    void State(string resourceId, string line);

    /// <summary>A line of the engine about the application.</summary>
    void Host(string line, bool isError = false);
}

/// <summary>Writes to the terminal, with the resource's name in front.</summary>
internal sealed class TerminalConsole : IResourceConsole
{
    private readonly Lock _lock = new();

    public void Output(string resourceId, string line, bool isError) => Write(Console.Out, $"[{resourceId}] {line}");

    public void State(string resourceId, string line) => Write(Console.Out, $"{resourceId}: {line}");

    public void Host(string line, bool isError = false) => Write(isError ? Console.Error : Console.Out, line);

    private void Write(TextWriter writer, string line)
    {
        lock (_lock)
        {
            writer.WriteLine(line);
        }
    }
}

/// <summary>Writes to the log, a category a resource: what a test asks for.</summary>
internal sealed class LogConsole(ILoggerFactory loggers, AppHostIdentity identity) : IResourceConsole
{
    private readonly ILogger _host = loggers.CreateLogger("Aspire.Hosting");

    public void Output(string resourceId, string line, bool isError)
    {
        var logger = loggers.CreateLogger($"{identity.ApplicationName}.Resources.{resourceId}");
        if (isError)
        {
            Log.ErrorLine(logger, line);
        }
        else
        {
            Log.OutputLine(logger, line);
        }
    }

    public void State(string resourceId, string line) => Log.StateChange(_host, resourceId, line);

    public void Host(string line, bool isError = false)
    {
        if (isError)
        {
            Log.HostError(_host, line);
        }
        else
        {
            Log.HostLine(_host, line);
        }
    }
}
