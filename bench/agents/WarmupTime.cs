namespace ProSaas.Bench.Agents;

/// <summary>How long 20,000 businesses on two channels take to be warm, and what the process then takes.</summary>
internal static class WarmupTime
{
    private const string Database = "warmup";

    // Without the triggers, which would count each entry as a change of its business.
    private const string Fill = """
        SET session_replication_role = replica;
        INSERT INTO businesses (name, business_type, greeting, system_prompt, opening_hours, calls_enabled, whatsapp_enabled, last_activity_at)
        SELECT 'Business ' || n, 'bakery', 'Hello, how can I help?', repeat('p', 1024), $hours$[
          {"day":"sunday","opens":"08:00:00","closes":"19:00:00"},{"day":"monday","opens":"08:00:00","closes":"19:00:00"},{"day":"tuesday","opens":"08:00:00","closes":"19:00:00"},
          {"day":"wednesday","opens":"08:00:00","closes":"19:00:00"},{"day":"thursday","opens":"08:00:00","closes":"19:00:00"},{"day":"friday","opens":"08:00:00","closes":"13:00:00"}]$hours$,
          true, true, now() - make_interval(mins => n)
        FROM generate_series(1, 20000 - (SELECT count(*)::int FROM businesses WHERE is_active)) AS n;
        INSERT INTO faq_entries (business_id, question, answer, position)
        SELECT b.id, repeat('q', 60), repeat('a', 140), n FROM businesses b, generate_series(1, 8) AS n WHERE b.id > 1000;
        ANALYZE;
        """;

    public static async Task MeasureAsync(PublishedApi published, PostgresServer server, CancellationToken cancellationToken)
    {
        await server.SeedAsync(Database);
        await server.ExecuteAsync(Database, Fill);
        for (var run = 1; run <= 3; run++)
        {
            await using var api = await ApiProcess.StartAsync(published, server, Database, [], cancellationToken);
            var startup = await api.StartupAsync(cancellationToken);
            var phase = startup.GetProperty("phases")
                .EnumerateArray().Single(phase => phase.GetProperty("name").GetString() is "agent_warmup");
            var (now, highest) = api.Memory();
            Console.WriteLine(
                $"warmup of {startup.GetProperty("warmup").GetProperty("warmAgents").GetInt32()} agents: {phase.GetProperty("durationSeconds").GetDouble():0.00} s, resident {now:0} MB, at its highest {highest:0} MB (run {run})");
        }
    }
}
