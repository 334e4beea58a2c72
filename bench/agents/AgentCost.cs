using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ProSaas.Api.Agents;
using ProSaas.Api.Agents.Faq;
using ProSaas.Data.Businesses;

namespace ProSaas.Bench.Agents;

/// <summary>What a business's profile takes in time and memory, beyond the text it is made from.</summary>
internal static class AgentCost
{
    private const int Businesses = 20_000;
    private const int Rounds = 5;

    public static void Measure()
    {
        using var services = new ServiceCollection().BuildServiceProvider();
        var scopes = services.GetRequiredService<IServiceScopeFactory>();
        for (var round = 1; round <= Rounds; round++)
        {
            MeasureRound(scopes, round);
        }
    }

    private static void MeasureRound(IServiceScopeFactory scopes, int round)
    {
        // The cache of the round before has a finalizer.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var cache = new ProfileCache(
            scopes, Options.Create(new AgentWarmupOptions { MemoryBudget = long.MaxValue }), TimeProvider.System);
        long text = 0;
        var making = TimeSpan.Zero;
        for (var id = 1; id <= Businesses; id++)
        {
            var business = Make(id);
            var started = Stopwatch.GetTimestamp();
            cache.Add(business.Prepare(TimeProvider.System), replace: false);
            making += Stopwatch.GetElapsedTime(started);
            text += TextBytes(business);
        }

        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before - text;
        Console.WriteLine(
            $"a profile: {making.TotalMicroseconds / Businesses:0.0} µs, {bytes / (double)Businesses:0} bytes beyond its text (round {round}, {Businesses} businesses)");
        GC.KeepAlive(cache);
    }

    private static BusinessProfile Make(int id) => new()
    {
        Id = id,
        Version = 1,
        Name = $"Business {id}",
        BusinessType = "bakery",
        Language = new string("he-IL"),
        TimeZone = new string("Asia/Jerusalem"),
        OpeningHours = new OpeningHours(
            Enum.GetValues<DayOfWeek>().Select(day => new OpeningPeriod(day, new TimeOnly(8, 0), new TimeOnly(19, 0)))),
        Greeting = Utf8Text.Of("Hello, how can I help?"),
        SystemPrompt = Utf8Text.Of(new string('p', 1_024)),
        FaqEntries = [.. Enumerable.Range(0, 8)
            .Select(entry => new FaqEntryText(entry, $"Do you have own{entry} for other{entry}?", new string('f', 160)))],
        CallsEnabled = true,
        WhatsappEnabled = true,
    };

    private static long TextBytes(BusinessProfile business) =>
        business.Greeting.Length + business.SystemPrompt.Length + business.Faq.TextBytes
            + (sizeof(char) * (business.Name.Length + business.BusinessType.Length + business.Language.Length + business.TimeZone.Length));
}
