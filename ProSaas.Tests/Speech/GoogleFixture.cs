namespace ProSaas.Tests.Speech;

/// <summary>One API with Google's fake, and somebody logged in, shared by the tests of a class, which run one after the other.</summary>
public sealed class GoogleFixture : IAsyncDisposable
{
    private GoogleServer? _google;
    private TestApi? _api;
    private ApiClient? _client;

    internal TestApi Api => _api!;

    internal async Task<(ApiClient Client, GoogleServer Google)> BeginAsync(PostgresFixture postgres)
    {
        if (_client is null)
        {
            _google = await GoogleServer.StartAsync();

            // The cache would answer what an earlier test has asked for.
            _api = await TestApi.StartAsync(
                postgres, [.. _google.Environment, ("Speech__AttemptTimeout", "00:00:04"), ("Speech__CacheBytes", "0")]);
            _client = await _api.LogInAsync(await _api.Accounts.CreateAsync(memberships: [(1, "member")]));
            await _client.GetAsync("/api/speech/voices");
            await Eventually.TrueAsync(
                async () => !(await _client.GetAsync("/api/startup")).Json.GetProperty("phases").EnumerateArray()
                    .Single(phase => phase.GetProperty("name").ValueEquals("tts_warmup")).GetProperty("state").ValueEquals("running"),
                "the warmup is over");
        }

        _google!.Forget();
        return (_client, _google);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        if (_google is not null)
        {
            await _google.DisposeAsync();
        }
    }
}
