using Microsoft.Extensions.Options;
using ProSaas.Api.Speech;
using ProSaas.Api.Speech.Audio;

namespace ProSaas.Tests.Speech;

public sealed class SpeechCacheTests : IAsyncDisposable
{
    private const int Limit = 1_000;

    private readonly SpeechCache _cache = new(Options.Create(new SpeechOptions { CacheBytes = Limit }));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Audio_is_made_once_however_many_ask_at_once_and_after()
    {
        var (made, release) = (0, new TaskCompletionSource());
        var readers = Enumerable.Range(0, 50).Select(_ => _cache.Open("key", async (audio, token) =>
        {
            Interlocked.Increment(ref made);
            await release.Task.WaitAsync(token);
            audio.Append("audio"u8);
        })).ToList();

        release.SetResult();
        foreach (var reader in readers)
        {
            (await ReadAsync(reader)).ShouldBe("audio");
        }

        (await ReadAsync(_cache.Open("key", Never))).ShouldBe("audio");
        made.ShouldBe(1);
        readers.Count(reader => !reader.IsHit).ShouldBe(1);
    }

    [Fact]
    public async Task Readers_get_what_is_there_before_the_rest_is_made()
    {
        var rest = new TaskCompletionSource();
        using var reader = _cache.Open("key", async (audio, token) =>
        {
            audio.Append("first "u8);
            audio.Publish();
            await rest.Task.WaitAsync(token);
            audio.Append("second"u8);
        });

        await reader.BeginAsync(Ct);
        reader.Length.ShouldBeNull();
        rest.SetResult();
        (await ReadAsync(reader)).ShouldBe("first second");
    }

    [Fact]
    public async Task Failure_reaches_all_who_wait_and_the_next_one_has_it_made_again()
    {
        var fail = new TaskCompletionSource();
        var readers = Enumerable.Range(0, 3).Select(_ => _cache.Open("key", (_, _) => fail.Task)).ToList();

        fail.SetException(new InvalidOperationException("no"));
        foreach (var reader in readers)
        {
            await Should.ThrowAsync<InvalidOperationException>(() => ReadAsync(reader));
        }

        (await ReadAsync(_cache.Open("key", Says("again")))).ShouldBe("again");
    }

    [Fact]
    public async Task Making_stops_when_the_last_who_waits_goes_and_not_before()
    {
        var stopped = new TaskCompletionSource();
        var (first, second) = (Open(), Open());

        first.Dispose();
        stopped.Task.IsCompleted.ShouldBeFalse();
        second.Dispose();
        await stopped.Task.WaitAsync(Ct);
        (await ReadAsync(_cache.Open("key", Says("anew")))).ShouldBe("anew");

        SpeechReader Open() => _cache.Open("key", async (_, token) =>
        {
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                stopped.SetResult();
            }
        });
    }

    [Fact]
    public async Task Cache_keeps_to_its_bytes_and_drops_what_was_not_used_longest()
    {
        await FillAsync("a", 400);
        await FillAsync("b", 400);
        await ReadAsync(_cache.Open("a", Never));
        await FillAsync("c", 400);

        _cache.Bytes.ShouldBe(800);
        await ReadAsync(_cache.Open("a", Never));
        await FillAsync("b", 401);
        _cache.Bytes.ShouldBeLessThanOrEqualTo(Limit);
    }

    [Fact]
    public async Task Audio_larger_than_the_cache_is_sent_and_not_kept()
    {
        (await ReadAsync(_cache.Open("key", Says(new string('x', Limit + 1))))).Length.ShouldBe(Limit + 1);

        await Eventually.TrueAsync(() => _cache.Bytes == 0, "nothing is kept");
        (await ReadAsync(_cache.Open("key", Says("again")))).ShouldBe("again");
    }

    [Fact]
    public async Task Long_audio_goes_through_a_file_that_nobody_can_find()
    {
        var before = SpeechFiles();
        var piece = new byte[AudioBuffer.MemoryLimit];
        Random.Shared.NextBytes(piece);
        using var reader = _cache.Open("key", (audio, _) =>
        {
            for (var count = 0; count < 3; count++)
            {
                audio.Append(piece);
                audio.Publish();
            }

            return Task.CompletedTask;
        });
        using var output = new MemoryStream();

        await reader.CopyToAsync(output, Ct);

        output.ToArray().ShouldBe([.. piece, .. piece, .. piece]);
        var made = SpeechFiles().Except(before).ToList();
        await Eventually.TrueAsync(() => !made.Exists(Path.Exists), "its name is gone while it is read");
    }

    [Fact]
    public async Task Stop_of_the_process_ends_what_is_being_made()
    {
        var cache = new SpeechCache(Options.Create(new SpeechOptions()));
        var reader = cache.Open("key", (_, token) => Task.Delay(Timeout.Infinite, token));

        await cache.DisposeAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => ReadAsync(reader));
    }

    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    private static Func<AudioBuffer, CancellationToken, Task> Says(string text) => (audio, _) =>
    {
        audio.Append(Encoding.UTF8.GetBytes(text));
        return Task.CompletedTask;
    };

    private static Task Never(AudioBuffer audio, CancellationToken cancellationToken) => throw new InvalidOperationException("It is there already.");

    private async Task FillAsync(string key, int bytes)
    {
        await ReadAsync(_cache.Open(key, Says(new string('x', bytes))));
        await Eventually.TrueAsync(() => _cache.Bytes >= bytes, "it is kept");
    }

    private static string[] SpeechFiles() => Directory.GetFileSystemEntries(Path.GetTempPath(), "prosaas-speech-*");

    private static async Task<string> ReadAsync(SpeechReader reader)
    {
        using var output = new MemoryStream();
        try
        {
            await reader.CopyToAsync(output, Ct);
        }
        finally
        {
            reader.Dispose();
        }

        return Encoding.UTF8.GetString(output.ToArray());
    }
}
