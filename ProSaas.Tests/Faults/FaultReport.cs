using ProSaas.Tests.Faults;

[assembly: Xunit.AssemblyFixture(typeof(FaultReport))]

namespace ProSaas.Tests.Faults;

/// <summary>
/// Gathers what each fault's test asserted and, where <c>./test.sh faults</c> asks for it, writes it
/// as the table of docs/faults.md.
/// </summary>
public sealed class FaultReport : IDisposable
{
    /// <summary>Names the folder to write to.</summary>
    private const string FolderVariable = "PROSAAS_FAULTS_REPORT";

    private readonly ConcurrentDictionary<string, FaultRecord> _records = new(StringComparer.Ordinal);

    internal FaultRecord Begin(string fault)
    {
        FaultList.All.Append(FaultList.FullLength).ShouldContain(fault);
        var record = new FaultRecord();
        _records.TryAdd(fault, record).ShouldBeTrue($"'{fault}' has two tests.");
        return record;
    }

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "faults.md"), Table());
            File.WriteAllLines(Path.Combine(folder, "times.tsv"), FaultList.All.SelectMany(Times));
        }
    }

    private string Table()
    {
        var text = new StringBuilder($"""
            # What was broken, and what ProSaas did

            Written by `./test.sh faults`, which breaks each of these with real processes over a real PostgreSQL. A cell says only what the test asserted; times are the limits it held, not what it took.
            Where nothing else is said, requests for business data are refused with 503, `Retry-After` and problem details; the word in the table is the problem's type.
            "Nothing" lost: every row before the fault, and every row whose writing was confirmed, is there afterwards, once; after a migration also the schema is that of an undisturbed run.
            An older replica is this release over a database to which a later migration was applied; a newer one is what would have applied it. What the previous release itself says to the newest schema is tested by `PreviousReleaseTests`.

            | fault | refused | served | the log says | recovered | lost |
            |---|---|---|---|---|---|

            """);
        foreach (var name in FaultList.All)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {Cells(name)} |");
        }

        text.Append("""

            One case runs at the lengths of production, apart from the rest: `./test.sh faults-full-length` (two minutes) brings the database up 90 s late, with the default limits.

            """);
        return text.ToString();
    }

    private string Cells(string fault) => _records.TryGetValue(fault, out var record) ? record.Cells : "**no test ran** | | | |";

    private IEnumerable<string> Times(string fault) =>
        _records.TryGetValue(fault, out var record) ? record.Times.Select(time => $"{fault}\t{time}") : [];
}
