using System.Diagnostics;

namespace ProSaas.Api.Speech.Providers;

/// <summary>A program of the machine that takes something on its input and gives something on its output. What it is given is never on its command line.</summary>
/// <param name="Name">As on the PATH.</param>
/// <param name="Path">Where it is.</param>
internal sealed record LocalProgram(string Name, string Path)
{
    /// <summary>Null when it is not on the PATH.</summary>
    public static LocalProgram? Find(string name)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => OperatingSystem.IsWindows() ? [System.IO.Path.Combine(folder, name + ".exe")] : new[] { System.IO.Path.Combine(folder, name) })
            .Where(File.Exists)
            .Select(path => new LocalProgram(name, path))
            .FirstOrDefault();

    /// <summary>Runs it to its end. Cancelled, or when it gives more than it may, it is killed.</summary>
    /// <param name="maxOutput">In bytes.</param>
    /// <exception cref="SpeechFailedException">It failed, or gave too much.</exception>
    public async Task<ReadOnlyMemory<byte>> RunAsync(IEnumerable<string> arguments, ReadOnlyMemory<byte> input, int maxOutput, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(Path, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                CreateNoWindow = true,
                WorkingDirectory = System.IO.Path.GetTempPath(),
            },
        };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new SpeechFailedException($"{Name}_not_started", SpeechFailureKind.Transient, failure);
        }

        try
        {
            var writing = WriteAsync(process, input, cancellationToken);
            var complaining = process.StandardError.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
            var output = await ReadAsync(process.StandardOutput.BaseStream, maxOutput, cancellationToken);
            await Task.WhenAll(writing, complaining);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode is 0 ? output : throw new SpeechFailedException($"{Name}_failed", SpeechFailureKind.Lasting);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all; its exit code says how.
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, int maxOutput, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        var chunk = new byte[32 * 1024];
        while (await stream.ReadAsync(chunk, cancellationToken) is > 0 and var read)
        {
            if (output.Length + read > maxOutput)
            {
                throw new SpeechFailedException("too_long", SpeechFailureKind.Refused);
            }

            output.Write(chunk, 0, read);
        }

        return output.GetBuffer().AsMemory(0, (int)output.Length);
    }
}
