using System.Diagnostics;

namespace ProSaas.Testing;

/// <summary>What a program wrote, and how it ended.</summary>
public sealed record ShellCommand(int ExitCode, string Output, string Error)
{
    public static Task<ShellCommand> RunAsync(string folder, string program, params string[] arguments) =>
        RunAsync(folder, new Dictionary<string, string?>(StringComparer.Ordinal), program, arguments);

    public static async Task<ShellCommand> RunAsync(
        string folder, IReadOnlyDictionary<string, string?> environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestRun.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestRun.CancellationToken);
        await process.WaitForExitAsync(TestRun.CancellationToken);
        return new ShellCommand(process.ExitCode, await output, error);
    }

    public static bool IsOnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
