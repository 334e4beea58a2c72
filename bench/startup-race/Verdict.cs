using System.Text.RegularExpressions;

namespace ProSaas.Bench.StartupRace;

/// <summary>
/// What one start did: the API's statements that met a schema that was not there, warmups that failed,
/// processes that ended by themselves.
/// </summary>
internal sealed partial record Verdict(int MissingTables, int MissingColumns, int FailedWarmups, int DeadProcesses)
{
    public const string WarmupDone = "✅ Warmed up ";
    private const string AllAgents = "✅ Warmed up 20 agents";

    public bool HasPrematureRead => MissingTables + MissingColumns > 0;

    /// <summary>Judges by PostgreSQL's own log and the API's console.</summary>
    public static Verdict Of(IEnumerable<string> databaseLog, IReadOnlyCollection<IReadOnlyCollection<string>> consoles, int deadProcesses)
    {
        var states = databaseLog.Select(line => ApiError().Match(line))
            .Where(match => match.Success).Select(match => match.Groups["state"].Value).ToList();
        return new Verdict(
            states.Count(state => state is "42P01"),
            states.Count(state => state is "42703"),
            consoles.Count(console => console.Any(IsFailedWarmup)),
            deadProcesses);
    }

    /// <summary>Whether a warmup has ended, well or not.</summary>
    public static bool IsWarmupOver(IReadOnlyCollection<string> console) =>
        console.Any(line => line.Contains(WarmupDone, StringComparison.Ordinal) || IsFailedWarmup(line));

    // A warmup that found no business is as useless as one that threw.
    private static bool IsFailedWarmup(string line) =>
        line.Contains("phase agent_warmup: attempt", StringComparison.Ordinal)
            || line.Contains("phase agent_warmup failed", StringComparison.Ordinal)
            || (line.Contains(WarmupDone, StringComparison.Ordinal) && !line.Contains(AllAgents, StringComparison.Ordinal));

    [GeneratedRegex(@"^<(?<state>\w{5})\|prosaas-api[^>]*> ERROR:", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ApiError();
}
