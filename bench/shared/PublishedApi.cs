using System.Runtime.InteropServices;

namespace ProSaas.Bench;

/// <summary>The API as its image has it, compiled ahead of time, in a folder that is gone when disposed.</summary>
internal sealed class PublishedApi : IDisposable
{
    private const string Project = "ProSaas.Api";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prosaas-bench-");

    private PublishedApi()
    {
    }

    public static async Task<PublishedApi> CreateAsync(CancellationToken cancellationToken)
    {
        var api = new PublishedApi();
        await using var publish = ChildProcess.Start(
        [
            "dotnet", "publish", Path.Combine(ChildProcess.Repository.FullName, Project), "--configuration", "Release", "--runtime", RuntimeInformation.RuntimeIdentifier,
            "--self-contained", "false", "-p:PublishReadyToRun=true", "--output", api._folder.FullName, "-v:quiet", "-nologo",
        ]);
        await publish.WaitForExitAsync(cancellationToken);
        if (publish.ExitCode is not 0)
        {
            api.Dispose();
            throw new InvalidOperationException($"{Project} could not be published: {string.Join('\n', publish.Lines)}");
        }

        return api;
    }

    public ChildProcess Start(IEnumerable<KeyValuePair<string, string>> environment) => ChildProcess.StartDotnet(_folder, Project, [], environment);

    public void Dispose() => _folder.Delete(recursive: true);
}
