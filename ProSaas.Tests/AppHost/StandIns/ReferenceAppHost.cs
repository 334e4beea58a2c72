using System.Reflection;
using Aspire.Hosting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ProSaas.Tests.AppHost.StandIns;

/// <summary>
/// The AppHost that the real packages published, compiled against the stand-ins in a folder laid out as it was then: a sample of what
/// they must understand, whatever becomes of the project's own AppHost.
/// </summary>
internal static class ReferenceAppHost
{
    public static string Source { get; } = Read("AppHost.cs.txt");

    /// <summary>One of the files that were published from it.</summary>
    public static string Read(string file)
    {
        using var stream = typeof(ReferenceAppHost).Assembly.GetManifestResourceStream($"Reference/{file}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>An AppHost around the lines that describe its application.</summary>
    public static string Around(string body) => $"""
        var builder = DistributedApplication.CreateBuilder(args);
        {body}
        builder.Build().Run();
        """;

    /// <summary>Publishes an AppHost as its command line would.</summary>
    /// <param name="source">The AppHost.</param>
    /// <param name="root">The folder above its own.</param>
    /// <param name="args">The command line.</param>
    public static async Task PublishAsync(string source, string root, params string[] args)
    {
        var builder = Describe(source, root, args);
        await using var application = builder.BuildApplication();
        await application.RunAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The application that an AppHost describes.</summary>
    public static DistributedApplicationBuilder Describe(string source, string root, params string[] args) => AppHostLaunch.Describe(Compile(source, root), args);

    private static Assembly Compile(string source, string root)
    {
        var compilation = CSharpCompilation.Create(
            $"Reference{Guid.NewGuid():N}",
            [CSharpSyntaxTree.ParseText(source), CSharpSyntaxTree.ParseText(Generated(root))],
            References(),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => diagnostic.ToString()).ShouldBeEmpty();
        return Assembly.Load(image.ToArray());
    }

    /// <summary>What the build adds to an AppHost: implicit usings, its folder, the classes of the projects it refers to.</summary>
    private static string Generated(string root)
    {
        return $$"""
            global using System;
            global using System.Collections.Generic;
            global using System.Linq;
            global using Aspire.Hosting;
            global using Aspire.Hosting.ApplicationModel;
            [assembly: System.Reflection.AssemblyMetadata("apphostprojectpath", @"{{root}}/ProSaas.AppHost")]
            namespace Projects
            {
                {{Project("ProSaas_Api", "ProSaas.Api")}}
                {{Project("ProSaas_MigrationWorker", "ProSaas.MigrationWorker")}}
            }
            """;

        string Project(string type, string name) => $"public class {type} : IProjectMetadata {{ public string ProjectPath => @\"{root}/{name}/{name}.csproj\"; }}";
    }

    internal static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal)
                || name.StartsWith("Aspire.Hosting.", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                || name is "netstandard.dll" or "mscorlib.dll"))
            .Select(path => MetadataReference.CreateFromFile(path));
}
