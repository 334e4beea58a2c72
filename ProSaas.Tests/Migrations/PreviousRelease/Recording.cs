using ProSaas.Data.Schema;

namespace ProSaas.Tests.Migrations.PreviousRelease;

/// <summary>The file with the SQL of the previous release.</summary>
internal sealed partial record Recording(string Release, string Schema, IReadOnlyList<RecordedStatement> Statements)
{
    public const string File = "ProSaas.Tests/Migrations/PreviousRelease/statements.sql";

    public static Recording Read()
    {
        var text = Repository.Read(File);
        var head = Head().Match(text);
        return new Recording(head.Groups["release"].Value, head.Groups["schema"].Value, RecordedStatement.Read(text));
    }

    private static string ThisRelease => typeof(SchemaContract).Assembly.GetName().Version!.ToString(3);

    public static Task WriteAsync(IReadOnlyList<RecordedStatement> statements) => global::System.IO.File.WriteAllTextAsync(
        Path.Combine(Repository.Root, File),
        $"""
        -- The SQL that release {ThisRelease} runs, over the schema of migration {SchemaContract.Migrations[^1]}.
        -- Recorded at its release by scripts/record-sql.sh, never edited: each statement once, in the order of their first runs, with the parameters it had then.
        -- The values are those of a throw-away database. PreviousReleaseTests runs all of it against the newest schema.

        """ + RecordedStatement.Write(statements),
        TestContext.Current.CancellationToken);

    [GeneratedRegex(@"release (?<release>[\d.]+) runs, over the schema of migration (?<schema>\w+)\.",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Head();
}
