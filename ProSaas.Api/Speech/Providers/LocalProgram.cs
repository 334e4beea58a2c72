using System.ComponentModel;
using CliWrap;

namespace ProSaas.Api.Speech.Providers;

/// <summary>
/// A program of the machine that takes something on its input and gives something on its output. What it is given is never on its
/// command line.
/// </summary>
/// <param name="Name">As on the PATH.</param>
/// <param name="Path">Where it is.</param>
internal sealed record LocalProgram(string Name, string Path)
{
    /// <summary>What programs need of the API's environment; the rest, its secrets above all, is not theirs.</summary>
    private static readonly HashSet<string> Passed = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TMP", "TEMP", "SYSTEMROOT", "ESPEAK_DATA_PATH", "LD_LIBRARY_PATH",
    };

    /// <summary>Null when it is not on the PATH.</summary>
    public static LocalProgram? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => System.IO.Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))
            .Where(File.Exists)
            .Select(path => new LocalProgram(name, path))
            .FirstOrDefault();

    /// <summary>Runs it to its end. Cancelled, or when it gives more than it may, it is killed.</summary>
    /// <param name="maxOutput">In bytes.</param>
    /// <exception cref="SpeechFailedException">It failed, or gave too much.</exception>
    public async Task<ReadOnlyMemory<byte>> RunAsync(
        IEnumerable<string> arguments, ReadOnlyMemory<byte> input, int maxOutput, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        using var tooLong = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, tooLong.Token);
        try
        {
            var result = await Cli.Wrap(Path)
                .WithArguments(arguments)
                .WithWorkingDirectory(System.IO.Path.GetTempPath())
                .WithEnvironmentVariables(WithoutOwn())
                .WithStandardInputPipe(PipeSource.FromBytes(input))
                .WithStandardOutputPipe(PipeTarget.Create(ReadAsync))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(either.Token);
            return result.IsSuccess ? output.ToArray() : throw new SpeechFailedException($"{Name}_failed", SpeechFailureKind.Lasting);
        }
        catch (Win32Exception failure)
        {
            throw new SpeechFailedException($"{Name}_not_started", SpeechFailureKind.Transient, failure);
        }
        catch (OperationCanceledException) when (tooLong.IsCancellationRequested)
        {
            throw new SpeechFailedException("too_long", SpeechFailureKind.Refused);
        }

        async Task ReadAsync(Stream stream, CancellationToken token)
        {
            var chunk = new byte[32 * 1024];
            while (await stream.ReadAsync(chunk, token) is > 0 and var read)
            {
                if (output.Length + read > maxOutput)
                {
                    await tooLong.CancelAsync();
                    return;
                }

                output.Write(chunk, 0, read);
            }
        }
    }

    /// <summary>The variables to leave out: CliWrap passes on all but those that are null.</summary>
    private static Dictionary<string, string?> WithoutOwn() =>
        Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => !Passed.Contains(name))
            .ToDictionary(name => name, _ => (string?)null, StringComparer.Ordinal);
}
