using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ProSaas.Api.Agents;
using ProSaas.Api.Agents.Faq;
using ProSaas.Api.Agents.Providers;
using ProSaas.Data.Businesses;

namespace ProSaas.Bench.Agents;

/// <summary>What an agent takes in time and memory, beyond the text it is made from.</summary>
internal static class AgentCost
{
    private const int Businesses = 20_000;
    private const int Rounds = 5;

    public static void Measure()
    {
        var options = Options.Create(new AgentOptions());
        using var http = new HttpClient();
        using var pipeline = new ChatPipeline(new ProviderSettings(ProviderSettings.Embedded), options, TimeProvider.System, NullLogger<FallbackChatClient>.Instance).Build(new Silent(), http);
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var cache = new AgentCache(new AgentFactory(pipeline, TimeProvider.System), Options.Create(new AgentWarmupOptions { MemoryBudget = long.MaxValue }));
            long text = 0;
            var making = TimeSpan.Zero;
            for (var id = 1; id <= Businesses; id++)
            {
                var business = Make(id);
                text += TextBytes(business);
                var started = Stopwatch.GetTimestamp();
                cache.Warm(business, remake: false, (_, failure) => throw failure);
                making += Stopwatch.GetElapsedTime(started);
            }

            var bytes = GC.GetTotalMemory(forceFullCollection: true) - before - text;
            Console.WriteLine($"an agent: {making.TotalMicroseconds / (2 * Businesses):0.0} µs, {bytes / (2.0 * Businesses):0} bytes beyond its text (round {round + 1}, {2 * Businesses} agents of {Businesses} businesses)");
            GC.KeepAlive(cache);
        }
    }

    private static BusinessProfile Make(int id) => new()
    {
        Id = id,
        Version = 1,
        Name = $"Business {id}",
        BusinessType = "bakery",
        Language = new string("he-IL"),
        TimeZone = new string("Asia/Jerusalem"),
        OpeningHours = new OpeningHours(Enum.GetValues<DayOfWeek>().Select(day => new OpeningPeriod(day, new TimeOnly(8, 0), new TimeOnly(19, 0)))),
        Greeting = Utf8Text.Of("Hello, how can I help?"),
        SystemPrompt = Utf8Text.Of(new string('p', 1_024)),
        Faq = FaqIndex.Create(
            [.. Enumerable.Range(0, 8).Select(entry => new FaqEntryText(entry, $"Do you have own{entry} for other{entry}?", new string('f', 160)))], "bakery"),
        CallsEnabled = true,
        WhatsappEnabled = true,
    };

    private static long TextBytes(BusinessProfile business)
        => business.Greeting.Length + business.SystemPrompt.Length + business.Faq.TextBytes
            + (sizeof(char) * (business.Name.Length + business.BusinessType.Length + business.Language.Length + business.TimeZone.Length));

    private sealed class Silent : IChatClient
    {
        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
            => Task.FromResult(new ChatResponse());

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
            => AsyncEnumerable.Empty<ChatResponseUpdate>();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
