using ProSaas.Api.Speech.Providers;

namespace ProSaas.Tests.Speech;

public sealed class LocalProgramTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Program_that_gives_without_end_is_killed()
    {
        var word = Guid.NewGuid().ToString("N");

        var failure = await Should.ThrowAsync<SpeechFailedException>(() => Find("yes").RunAsync([word], default, maxOutput: 100_000, Ct));

        (failure.Reason, failure.Kind).ShouldBe(("too_long", SpeechFailureKind.Refused));
        await UntilGoneAsync(word);
    }

    [Fact]
    public async Task Program_that_is_not_waited_for_any_more_is_killed()
    {
        var word = $"{Random.Shared.Next(100_000, 1_000_000_000)}";
        using var stop = new CancellationTokenSource();
        var run = Find("sleep").RunAsync([word], default, maxOutput: 1, stop.Token);
        await Eventually.TrueAsync(() => IsRunning(word), "it runs");

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => run);
        await UntilGoneAsync(word);
    }

    [Fact]
    public async Task Program_that_fails_is_told_without_its_words()
    {
        var run = Find("sh").RunAsync(["-c", "echo secret >&2; exit 3"], Encoding.UTF8.GetBytes("text"), maxOutput: 100, Ct);
        var failure = await Should.ThrowAsync<SpeechFailedException>(() => run);

        failure.Message.ShouldBe("No speech: sh_failed.");
    }

    [Fact]
    public async Task Program_gets_nothing_of_the_environment_but_what_it_needs()
    {
        // A name that nothing else reads: all processes of the run get it.
        Environment.SetEnvironmentVariable("SECRET_OF_THE_TESTS", "of-the-tests");

        var told = Encoding.UTF8.GetString((await Find("env").RunAsync([], default, maxOutput: 1_000_000, Ct)).Span);

        told.ShouldContain("PATH=");
        told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=')[0])
            .Except(["PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TMP", "TEMP", "ESPEAK_DATA_PATH", "LD_LIBRARY_PATH"])
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Program_that_is_gone_is_told()
    {
        var run = new LocalProgram("gone", "/nowhere/gone").RunAsync([], default, maxOutput: 1, Ct);
        (await Should.ThrowAsync<SpeechFailedException>(() => run)).Reason.ShouldBe("gone_not_started");
    }

    private static LocalProgram Find(string name) => LocalProgram.Find(name).ShouldNotBeNull();

    private static Task UntilGoneAsync(string word) => Eventually.TrueAsync(() => !IsRunning(word), "the program is gone");

    private static bool IsRunning(string word) => Process.GetProcesses().Any(process =>
    {
        using (process)
        {
            try
            {
                return File.ReadAllText($"/proc/{process.Id}/cmdline").Contains(word, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }
    });
}
