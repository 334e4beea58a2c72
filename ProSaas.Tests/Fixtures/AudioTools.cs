using System.Buffers.Binary;

namespace ProSaas.Tests.Fixtures;

/// <summary>FFmpeg, which decodes what the product made with other code than the product's.</summary>
internal static class AudioTools
{
    private const int Rate = 8_000;

    public static bool HasEspeak { get; } = ShellCommand.IsOnPath("espeak-ng");

    public static bool HasFfmpeg { get; } = ShellCommand.IsOnPath("ffmpeg") && ShellCommand.IsOnPath("ffprobe");

    /// <summary>Skips the test where a program is missing, and says how to install it.</summary>
    public static void Need()
    {
        Assert.SkipUnless(HasEspeak, "espeak-ng is not installed: on Debian, 'apt-get install espeak-ng'");
        Assert.SkipUnless(HasFfmpeg, "ffmpeg is not installed: on Debian, 'apt-get install ffmpeg'");
    }

    /// <summary>Decodes a whole file.</summary>
    /// <param name="format">FFmpeg's name of the format where the bytes do not say it.</param>
    public static async Task<DecodedAudio> DecodeAsync(byte[] audio, params string[] format)
    {
        var (samples, complaints) = await RunAsync(
            "ffmpeg",
            ["-hide_banner", "-loglevel", "warning", .. format, "-i", "pipe:0", "-f", "s16le", "-ar", $"{Rate}", "-ac", "1", "pipe:1"],
            audio);
        var (probed, _) = await RunAsync(
            "ffprobe",
            ["-v", "error", .. format, "-show_entries", "stream=codec_name,sample_rate,channels", "-of", "csv=p=0", "-i", "pipe:0"],
            audio);
        var columns = Encoding.UTF8.GetString(probed).Trim().Split(',');
        var sum = 0.0;
        for (var position = 0; position + 1 < samples.Length; position += 2)
        {
            sum += Math.Pow(BinaryPrimitives.ReadInt16LittleEndian(samples.AsSpan(position)), 2);
        }

        // A WAV header does not say which of the channels its one is.
        complaints = string.Join(
            '\n', complaints.Split('\n').Where(line => !line.StartsWith("Guessed Channel Layout", StringComparison.Ordinal))).Trim();
        return new DecodedAudio(
            columns[0],
            int.Parse(columns[1], CultureInfo.InvariantCulture),
            int.Parse(columns[2], CultureInfo.InvariantCulture),
            samples.Length / 2.0 / Rate,
            Math.Sqrt(sum / Math.Max(1, samples.Length / 2)),
            complaints,
            samples);
    }

    private static async Task<(byte[] Output, string Complaints)> RunAsync(string program, IEnumerable<string> arguments, byte[] input)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false
        })!;
        var complaints = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, TestContext.Current.CancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has seen enough.
        }

        await reading;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0, await complaints);
        return (output.ToArray(), await complaints);
    }
}

/// <summary>What another tool heard.</summary>
/// <param name="Seconds">Its length.</param>
/// <param name="Loudness">Root mean square of its samples; silence is 0, full scale 32,767.</param>
/// <param name="Complaints">What the tool found wrong; empty for nothing.</param>
/// <param name="Samples">At 8 kHz, 16 bit, little-endian.</param>
internal sealed record DecodedAudio(
    string Codec, int Rate, int Channels, double Seconds, double Loudness, string Complaints, byte[] Samples);
