using System.Reflection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

/// <summary>Who makes a builder: the AppHost's own entry point, or a test.</summary>
/// <param name="Assembly">The AppHost's assembly.</param>
/// <param name="IsTest">Whether a test makes it: ports are random and nothing is written to the console.</param>
/// <param name="IsCapture">Whether the entry point only describes the application for a test that builds it later.</param>
internal sealed record AppHostLaunch(Assembly? Assembly, bool IsTest = false, bool IsCapture = false)
{
    private static readonly AsyncLocal<Capture?> Captures = new();

    /// <summary>Runs an entry point up to its <c>Build</c> and returns the builder it made.</summary>
    /// <exception cref="InvalidOperationException">The entry point ended without building an application.</exception>
    public static DistributedApplicationBuilder Describe(Assembly assembly, string[] args)
    {
        var entryPoint = assembly.EntryPoint ?? throw new InvalidOperationException($"The assembly '{assembly.GetName().Name}' has no entry point.");
        var capture = new Capture(assembly);
        Captures.Value = capture;
        try
        {
            entryPoint.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, entryPoint.GetParameters().Length == 0 ? null : [args], culture: null);
        }
        catch (HostAbortedException) when (capture.Builder is not null)
        {
            return capture.Builder;
        }
        finally
        {
            Captures.Value = null;
        }

        throw new InvalidOperationException($"The entry point of '{assembly.GetName().Name}' ended without building an application.");
    }

    public static DistributedApplicationBuilder CreateBuilder(string[] args)
    {
        if (Captures.Value is { } capture)
        {
            return capture.Builder = new DistributedApplicationBuilder(args, new AppHostLaunch(capture.Assembly, IsTest: true, IsCapture: true));
        }

        FatalErrors.ReportOnOneLine();
        return new DistributedApplicationBuilder(args, new AppHostLaunch(Assembly.GetEntryAssembly()));
    }

    private sealed class Capture(Assembly assembly)
    {
        public Assembly Assembly { get; } = assembly;

        public DistributedApplicationBuilder? Builder { get; set; }
    }
}
