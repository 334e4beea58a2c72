namespace ProSaas.Tests.Faults;

/// <summary>What a test asserted of one fault: a row of the table.</summary>
internal sealed class FaultRecord
{
    private readonly List<string> _refused = [];
    private readonly List<string> _served = [];
    private readonly List<string> _said = [];
    private readonly List<string> _recovered = [];
    private readonly ConcurrentQueue<string> _times = new();

    public string Lost { private get; set; } = "";

    public IEnumerable<string> Times => _times;

    public string Cells => string.Join(" | ", Cell(_refused, "nothing"), Cell(_served, ""), Cell(_said, ""), Cell(_recovered, ""), Lost);

    public void Refused(string what) => Add(_refused, what);

    public void Served(string what) => Add(_served, what);

    public void Said(string line) => Add(_said, $"`{line}`");

    /// <param name="what">What was there again.</param>
    /// <param name="within">The limit that the test held, in seconds.</param>
    /// <param name="took">What it took this time, in seconds.</param>
    public void Recovered(string what, double within, double took)
    {
        Add(_recovered, string.Create(CultureInfo.InvariantCulture, $"{what}: under {within} s"));
        _times.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{what}\t{took:0.000}"));
    }

    private static void Add(List<string> cell, string text)
    {
        if (!cell.Contains(text))
        {
            cell.Add(text);
        }
    }

    private static string Cell(List<string> entries, string otherwise) => entries.Count == 0 ? otherwise : string.Join("; ", entries);
}
