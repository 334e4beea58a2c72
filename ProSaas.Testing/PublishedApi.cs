using System.Runtime.InteropServices;

namespace ProSaas.Testing;

/// <summary>The API as its image has it, compiled ahead of time, in a folder that is gone when disposed.</summary>
public sealed class PublishedApi : IDisposable
{
    private const string Project = "ProSaas.Api";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("prosaas-bench-");

    private PublishedApi()
    {
    }

    public static async Task<PublishedApi> CreateAsync()
    {
        var api = new PublishedApi();
        await using var publish = ChildProcess.Start(
        [
            "dotnet", "publish", Path.Combine(Repository.Root, Project), "--configuration", "Release", "--runtime",
            RuntimeInformation.RuntimeIdentifier,
            "--self-contained", "false", "-p:PublishReadyToRun=true", "--output", api._folder.FullName, "-v:quiet", "-nologo",
        ]);
        if (await publish.WaitForExitAsync(seconds: 900) is not 0)
        {
            api.Dispose();
            throw new InvalidOperationException($"{Project} could not be published: {publish}");
        }

        return api;
    }

    public ServiceHandle Start(IReadOnlyDictionary<string, string?> environment, int? port = null) =>
        ServiceHandle.StartApi(environment, port, _folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);
}
