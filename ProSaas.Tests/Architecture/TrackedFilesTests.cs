
namespace ProSaas.Tests.Architecture;

/// <summary>What git keeps is what people wrote, not what programs left behind.</summary>
public sealed class TrackedFilesTests
{
    private const int LargestFile = 512 * 1024;

    private static readonly string[] BinaryKinds = [".gz", ".ico", ".mp3", ".ogg", ".png", ".wav", ".woff2"];

    [Fact]
    public async Task No_tracked_file_is_one_to_ignore() =>
        (await GitAsync("ls-files", "-z", "--cached", "--ignored", "--exclude-per-directory=.gitignore")).ShouldBeEmpty();

    [Theory]
    [InlineData("isolate-0x20179c70-2400-v8.log")]
    [InlineData("core")]
    [InlineData("ProSaas.Api/core.4711")]
    [InlineData("ProSaas.Api/coredump.dmp")]
    [InlineData("services/baileys/Heap.20261130.143502.4711.0.001.heapsnapshot")]
    [InlineData("services/baileys/report.20261130.143502.4711.0.001.json")]
    [InlineData("services/baileys/coverage/lcov.info")]
    [InlineData("ProSaas.Tests/TestResults/report.trx")]
    [InlineData("msbuild.binlog")]
    [InlineData("startup.nettrace")]
    public async Task What_a_program_leaves_behind_is_ignored(string file) =>
        (await GitAsync("-c", "core.excludesFile=", "check-ignore", "--no-index", file)).ShouldBe([file]);

    [Fact]
    public async Task No_tracked_file_is_large() =>
        (from file in await TrackedFilesAsync()
         where file.Length > LargestFile
         select $"{Path.GetRelativePath(Repository.Root, file.FullName)}: {file.Length} bytes").ShouldBeEmpty();

    [Fact]
    public async Task Tracked_binary_file_is_of_a_known_kind() =>
        (from file in await TrackedFilesAsync()
         where !BinaryKinds.Contains(file.Extension, StringComparer.Ordinal) && IsBinary(file)
         select Path.GetRelativePath(Repository.Root, file.FullName)).ShouldBeEmpty();

    private static async Task<IEnumerable<FileInfo>> TrackedFilesAsync() =>
        (await GitAsync("ls-files", "-z", "--cached"))
            .Select(file => new FileInfo(Path.Combine(Repository.Root, file))).Where(file => file.Exists);

    // As git itself tells them: a zero among the first bytes.
    private static bool IsBinary(FileInfo file)
    {
        using var content = file.OpenRead();
        var start = new byte[8000];
        return start.AsSpan(0, content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)).Contains((byte)0);
    }

    /// <summary>The names that git answers.</summary>
    private static async Task<string[]> GitAsync(params string[] arguments)
    {
        Assert.SkipUnless(Path.Exists(Path.Combine(Repository.Root, ".git")) && ShellCommand.IsOnPath("git"),
            "The checkout is not git's, or git is not installed.");
        var git = await ShellCommand.RunAsync(Repository.Root, "git", arguments);
        git.Error.ShouldBeEmpty();
        return git.Output.Split(["\0", "\n"], StringSplitOptions.RemoveEmptyEntries);
    }
}
