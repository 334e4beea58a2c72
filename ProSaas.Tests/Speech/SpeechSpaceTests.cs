namespace ProSaas.Tests.Speech;

/// <summary>Audio that has no room where temporary files are.</summary>
public sealed class SpeechSpaceTests(PostgresFixture postgres)
{
    private const string Path = "/api/businesses/1/speech";

    [Fact]
    public async Task Disk_that_is_full_is_a_503_that_says_so_and_what_is_small_is_spoken_all_the_same()
    {
        var folder = Directory.CreateTempSubdirectory("prosaas-space-").FullName;
        var mount = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess
            ? await ShellCommand.RunAsync("/", "mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder)
            : null;
        Assert.SkipUnless(mount?.ExitCode is 0, "This machine lets nobody mount a file system");
        try
        {
            await using var google = await GoogleServer.StartAsync(sampleBytes: 7_600_000);
            await using var api = await TestApi.StartAsync(postgres, [.. google.Environment, ("TMPDIR", folder)]);
            using var client = await api.LogInAsync(await api.Accounts.CreateAsync(memberships: [(1, "member")]));

            var refused = await client.PostAsync(Path, new { text = "Long", format = "wav" });
            (refused.Status, refused.Problem).ShouldBe((HttpStatusCode.ServiceUnavailable, "speech-unavailable"), refused.Text);
            refused.Text.ShouldContain("no_space");
            refused.Headers.RetryAfter.ShouldNotBeNull();
            (await client.PostAsync(Path, new { text = "Short", format = "mulaw8k" })).Status.ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            await ShellCommand.RunAsync("/", "umount", "--lazy", folder);
            Directory.Delete(folder);
        }
    }
}
