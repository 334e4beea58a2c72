using Microsoft.Extensions.Options;
using ProSaas.Api.Speech;
using ProSaas.Api.Speech.Cache;

namespace ProSaas.Tests.Speech;

public sealed class SpeechCacheTests : IDisposable
{
    private const int Limit = 1_000;

    private readonly SpeechCache _cache = new(
        Options.Create(new SpeechOptions { CacheBytes = Limit }));

    private readonly List<SpeechAudio> _said = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Audio_is_synthesized_once_however_many_ask_at_once_and_after()
    {
        var (syntheses, release) = (0, new TaskCompletionSource());
        var readers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(
            () => OpenAsync(async (audio, token) =>
            {
                Interlocked.Increment(ref syntheses);
                await release.Task.WaitAsync(token);
                audio.Add(0, "audio"u8.ToArray());
            }),
            Ct)));

        release.SetResult();
        foreach (var reader in readers)
        {
            (await ReadAsync(reader)).ShouldBe("audio");
        }

        (await ReadAsync(await OpenAsync(Fails))).ShouldBe("audio");
        syntheses.ShouldBe(1);
        readers.Count(reader => !reader.IsHit).ShouldBe(1);
    }

    [Fact]
    public async Task Readers_get_what_is_there_before_the_rest_is_synthesized()
    {
        var rest = new TaskCompletionSource();
        var reader = await OpenAsync(
            async (audio, token) =>
            {
                audio.Add(0, "first "u8.ToArray());
                await rest.Task.WaitAsync(token);
                audio.Add(1, "second"u8.ToArray());
            },
            parts: 2);

        await reader.BeginAsync(Ct);
        reader.Length.ShouldBeNull();
        rest.SetResult();
        (await ReadAsync(reader)).ShouldBe("first second");
    }

    [Fact]
    public async Task Failure_reaches_all_who_wait_and_the_next_one_has_it_synthesized_again()
    {
        var fail = new TaskCompletionSource();
        var readers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => OpenAsync((_, _) => fail.Task)));

        fail.SetException(new InvalidOperationException("no"));
        foreach (var reader in readers)
        {
            await Should.ThrowAsync<InvalidOperationException>(() => ReadAsync(reader));
        }

        (await ReadAsync(await OpenAsync(Says("again")))).ShouldBe("again");
    }

    [Fact]
    public async Task Synthesis_is_cancelled_when_the_last_who_waits_leaves_and_not_before()
    {
        var stopped = false;
        var (first, second) = (await OpenAsync(WaitAsync), await OpenAsync(WaitAsync));

        await first.DisposeAsync();
        stopped.ShouldBeFalse();
        await second.DisposeAsync();
        stopped.ShouldBeTrue("the last one waits until it has stopped");
        (await ReadAsync(await OpenAsync(Says("anew")))).ShouldBe("anew");

        async Task WaitAsync(SpeechAudio audio, CancellationToken token)
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                stopped = true;
            }
        }
    }

    [Fact]
    public async Task Who_asks_while_an_abandoned_synthesis_stops_has_it_synthesized_anew()
    {
        var stop = new TaskCompletionSource();
        var first = await OpenAsync(async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await stop.Task;
            token.ThrowIfCancellationRequested();
        });
        var leaving = first.DisposeAsync().AsTask();
        var opening = OpenAsync(Says("anew"));

        (leaving.IsCompleted, opening.IsCompleted).ShouldBe((false, false));
        stop.SetResult();
        await leaving;
        (await ReadAsync(await opening)).ShouldBe("anew");
    }

    [Fact]
    public async Task Cache_keeps_to_its_bytes_and_drops_what_was_not_used_longest()
    {
        await FillAsync("a", 400, total: 400);
        await FillAsync("b", 400, total: 800);
        await ReadAsync(await OpenAsync(Fails, "a"));
        await ReadAsync(await OpenAsync(Says(new string('x', 400)), "c"));
        await Eventually.TrueAsync(
            () => IsReleased(_said[1]) && _cache.Bytes is 800, "the second made room for the third, and is not held any more");

        await ReadAsync(await OpenAsync(Fails, "a"));
        await ReadAsync(await OpenAsync(Fails, "c"));
        await FillAsync("b", 401, total: 801);
    }

    [Fact]
    public async Task Audio_larger_than_the_cache_is_sent_and_not_kept()
    {
        (await ReadAsync(await OpenAsync(Says(new string('x', Limit + 1))))).Length.ShouldBe(Limit + 1);

        await Eventually.TrueAsync(() => IsReleased(_said[0]), "it is not held any more");
        (await ReadAsync(await OpenAsync(Says("again")))).ShouldBe("again");
    }

    [Fact]
    public async Task Long_audio_goes_through_a_file_that_nobody_can_find()
    {
        var before = SpeechFiles();
        var part = new byte[SpeechAudioPart.MemoryLimit + 1];
        Random.Shared.NextBytes(part);
        await using var reader = await OpenAsync(
            (audio, _) =>
            {
                audio.Add(0, part);
                audio.Add(1, part);
                return Task.CompletedTask;
            },
            parts: 2);
        using var output = new MemoryStream();

        await reader.CopyToAsync(output, Ct);

        output.ToArray().ShouldBe([.. part, .. part]);
        var made = SpeechFiles().Except(before).ToList();
        await Eventually.TrueAsync(() => !made.Exists(Path.Exists), "its name is gone while it is read");
    }

    public void Dispose() => _cache.Dispose();

    private Func<SpeechAudio, CancellationToken, Task> Says(string text) => (audio, _) =>
    {
        _said.Add(audio);
        audio.Add(0, Encoding.UTF8.GetBytes(text));
        return Task.CompletedTask;
    };

    private static Task Fails(SpeechAudio audio, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("It is there already.");

    private Task<SpeechAudioReader> OpenAsync(Func<SpeechAudio, CancellationToken, Task> synthesize, string key = "key", int parts = 1) =>
        _cache.OpenAsync(key, parts, synthesize, Ct);

    private static bool IsReleased(SpeechAudio audio) => !audio.TryHold() || audio.Release();

    private async Task FillAsync(string key, int bytes, int total)
    {
        await ReadAsync(await OpenAsync(Says(new string('x', bytes)), key));
        await Eventually.TrueAsync(() => _cache.Bytes == total, $"the cache has {total} bytes");
    }

    private static string[] SpeechFiles() => Directory.GetFileSystemEntries(Path.GetTempPath(), "prosaas-speech-*");

    private static async Task<string> ReadAsync(SpeechAudioReader reader)
    {
        await using var _ = reader;
        using var output = new MemoryStream();
        await reader.CopyToAsync(output, Ct);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
