namespace ProSaas.Tests.Faults;

/// <summary>Writes FAQ entries one after the other, and remembers which were confirmed.</summary>
internal sealed class FaqWriter : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _confirmed = new();
    private readonly ConcurrentDictionary<HttpStatusCode, int> _answers = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _writing;

    public FaqWriter(ApiClient client) => _writing = Task.Run(() => WriteAsync(client));

    public IReadOnlyCollection<string> Confirmed => _confirmed;

    /// <summary>The kinds of answers so far.</summary>
    public IReadOnlyCollection<HttpStatusCode> Answers => [.. _answers.Keys];

    public Task UntilConfirmedMoreAsync(int count)
    {
        var wanted = _confirmed.Count + count;
        return Eventually.TrueAsync(() => _writing.IsFaulted || _confirmed.Count >= wanted, $"{count} more writes are confirmed");
    }

    public Task UntilAnsweredAsync(HttpStatusCode status) =>
        Eventually.TrueAsync(() => _writing.IsFaulted || _answers.ContainsKey(status), $"a write is answered {status}");

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _writing;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task WriteAsync(ApiClient client)
    {
        while (!_stop.IsCancellationRequested)
        {
            var question = $"Written {Guid.NewGuid():N}?";
            var answer = await client.PostAsync("/api/businesses/1/faq", new { question, answer = "Yes", position = 1 });
            _answers.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
            if (answer.Status is HttpStatusCode.Created)
            {
                _confirmed.Enqueue(question);
            }
        }
    }
}
