using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Supervision;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ProSaas.Tests.Fixtures;

namespace ProSaas.Tests.AppHost.StandIns.Processes;

/// <summary>An AppHost of a few lines, compiled against the stand-ins and run as a process and process group of its own.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private static readonly string[] Libraries = ["Aspire.Hosting.AppHost.dll", "Aspire.Hosting.PostgreSQL.dll", "Npgsql.dll"];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private AppHostProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Starts an AppHost.</summary>
    /// <param name="folder">Where it is built; the test removes it.</param>
    /// <param name="resources">The lines between making the builder and running what it built.</param>
    /// <param name="args">Its command line.</param>
    public static AppHostProcess Start(string folder, string resources, params string[] args)
    {
        var assembly = Build(folder, resources);
        var start = new ProcessStartInfo("env")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["XDG_STATE_HOME"] = folder },
        };
        // Whoever started the tests may have told them to ignore Ctrl-C, and a child inherits that.
        foreach (var argument in (IEnumerable<string>)["--default-signal=INT", "setsid", "dotnet", assembly, .. args])
        {
            start.ArgumentList.Add(argument);
        }

        return new AppHostProcess(Process.Start(start)!);
    }

    public Task UntilLineAsync(string text, double seconds = 30)
        => Eventually.TrueAsync(() => Position(text) >= 0, $"the console says '{text}'; it said:\n{string.Join('\n', _lines)}", seconds);

    /// <summary>The first line that has a text in it; -1 if there is none.</summary>
    public int Position(string text) => Lines.ToList().FindIndex(line => line.Contains(text, StringComparison.Ordinal));

    public void Kill() => _process.Kill();

    public void KillGroup() => Unix.SignalGroup(Id, Unix.SignalKill).ShouldBeTrue();

    /// <summary>What Ctrl-C in a terminal does.</summary>
    public void Interrupt() => Unix.SignalGroup(Id, Unix.SignalInterrupt).ShouldBeTrue();

    public void Terminate() => Unix.SignalGroup(Id, Unix.SignalTerminate).ShouldBeTrue();

    /// <summary>Its exit code, once it has ended and its last line was read.</summary>
    public async Task<int> WaitForExitAsync(double seconds = 30)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(seconds));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static string Build(string folder, string resources)
    {
        var output = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(resources))));
        var assembly = Path.Combine(output, "AppHost.dll");
        if (Directory.Exists(output))
        {
            return assembly;
        }

        Directory.CreateDirectory(output);
        var source = $$"""
            using System;
            using Aspire.Hosting;
            using Aspire.Hosting.ApplicationModel;
            [assembly: System.Reflection.AssemblyMetadata("apphostprojectpath", @"{{folder}}")]
            [assembly: System.Reflection.AssemblyMetadata(@"projectoutput:{{folder}}/Web/Web.csproj", @"{{folder}}/Web/Web.dll")]
            var builder = DistributedApplication.CreateBuilder(args);
            {{resources}}
            builder.Build().Run();

            namespace Projects
            {
                public sealed class Web : IProjectMetadata { public string ProjectPath => @"{{folder}}/Web/Web.csproj"; }
                public sealed class Missing : IProjectMetadata { public string ProjectPath => @"{{folder}}/Missing/Missing.csproj"; }
            }
            """;
        Compile(source, assembly);
        foreach (var library in Libraries)
        {
            File.CreateSymbolicLink(Path.Combine(output, library), Path.Combine(AppContext.BaseDirectory, library));
        }

        return assembly;
    }

    /// <summary>Compiles a program that runs on what the tests run on.</summary>
    public static void Compile(string source, string assembly)
    {
        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(assembly),
            [CSharpSyntaxTree.ParseText(source)],
            ReferenceAppHost.References(),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        compilation.Emit(assembly).Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => diagnostic.ToString()).ShouldBeEmpty();
        File.Copy(Path.Combine(AppContext.BaseDirectory, "ProSaas.Tests.runtimeconfig.json"), Path.ChangeExtension(assembly, "runtimeconfig.json"));
    }

    private void Add(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
