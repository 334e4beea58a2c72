using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ProSaas.Tests.AppHost.Compose;

/// <summary>
/// The AppHost from which Aspire 13.6 with its Docker package published the files beside it: what the stand-in must understand, whatever
/// becomes of the product's own AppHost. It, or another one, is compiled and published in a folder laid out as it was then.
/// </summary>
internal static class ReferenceAppHost
{
    public static IReadOnlyList<MetadataReference> References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal)
                || name.StartsWith("Aspire.Hosting", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                || name is "netstandard.dll" or "mscorlib.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static string Source { get; } = Read("AppHost.cs.txt");

    /// <summary>One of the files that were published from it, or are expected of another one.</summary>
    public static string Read(string file)
    {
        using var stream = typeof(ReferenceAppHost).Assembly.GetManifestResourceStream($"Reference/{file}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// An AppHost around the lines that describe its application. It throws what made publishing
    /// fail, which Aspire only logs.
    /// </summary>
    public static string Around(string body) => $$"""
        using Microsoft.Extensions.DependencyInjection;
        using Microsoft.Extensions.Hosting;

        var builder = DistributedApplication.CreateBuilder(args);
        {{body}}
        var application = builder.Build();
        var services = application.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        application.Run();
        services.ForEach(service => { if (service.ExecuteTask?.Exception is { } failure) throw failure; });
        """;

    /// <summary>Publishes an AppHost as its command line would.</summary>
    /// <param name="source">The AppHost.</param>
    /// <param name="root">The folder above its own.</param>
    /// <param name="args">The command line.</param>
    public static Task PublishAsync(string source, string root, params string[] args)
    {
        var main = Compile(source, root).EntryPoint!;
        string[] commandLine = [.. args, "--contentRoot", Path.Combine(root, "ProSaas.AppHost"), "--Logging:LogLevel:Default=None"];
        return Task.Run(
            () => main.Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [commandLine], culture: null),
            TestContext.Current.CancellationToken);
    }

    private static Assembly Compile(string source, string root)
    {
        var compilation = CSharpCompilation.Create(
            $"Reference{Guid.NewGuid():N}",
            [CSharpSyntaxTree.ParseText(source), CSharpSyntaxTree.ParseText(Generated(root))],
            References,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable)
                .WithSpecificDiagnosticOptions([new("CS1701", ReportDiagnostic.Suppress)]));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
            .Select(diagnostic => diagnostic.ToString()).ShouldBeEmpty();
        return Assembly.Load(image.ToArray());
    }

    /// <summary>What the build adds to an AppHost: implicit usings, and the classes of the projects it refers to.</summary>
    private static string Generated(string root)
    {
        return $$"""
            global using System;
            global using System.Collections.Generic;
            global using System.IO;
            global using System.Linq;
            global using Aspire.Hosting;
            global using Aspire.Hosting.ApplicationModel;
            namespace Projects
            {
                {{Project("ProSaas_Api", "ProSaas.Api")}}
                {{Project("ProSaas_MigrationWorker", "ProSaas.MigrationWorker")}}
            }
            """;

        string Project(string type, string name) =>
            $"public class {type} : IProjectMetadata {{ public string ProjectPath => @\"{root}/{name}/{name}.csproj\"; }}";
    }
}
