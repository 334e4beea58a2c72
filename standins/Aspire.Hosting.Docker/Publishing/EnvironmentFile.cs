using System.Text;

namespace Aspire.Hosting.Docker.Publishing;

/// <summary>The <c>.env</c> file beside a Compose file. It gets names; the values in it are the operator's.</summary>
internal static class EnvironmentFile
{
    /// <summary>Adds the variables that the file does not have yet, and keeps all it has.</summary>
    public static async Task MergeAsync(string path, IEnumerable<KeyValuePair<string, CapturedEnvironmentVariable>> variables, CancellationToken cancellationToken)
    {
        var entries = new SortedDictionary<string, Entry>(StringComparer.InvariantCulture);
        if (File.Exists(path))
        {
            Read(await File.ReadAllLinesAsync(path, cancellationToken), entries);
        }

        foreach (var (name, variable) in variables)
        {
            entries.TryAdd(name, new Entry("", variable.Description));
        }

        var text = new StringBuilder();
        foreach (var (name, (value, comment)) in entries)
        {
            if (!string.IsNullOrWhiteSpace(comment))
            {
                text.Append("# ").Append(comment).Append('\n');
            }

            text.Append(name).Append('=').Append(value).Append("\n\n");
        }

        await File.WriteAllTextAsync(path, text.ToString(), cancellationToken);
    }

    private static void Read(IEnumerable<string> lines, SortedDictionary<string, Entry> entries)
    {
        string? comment = null;
        foreach (var line in lines.Select(line => line.TrimStart()))
        {
            if (line.StartsWith('#'))
            {
                comment = line[1..].Trim();
                continue;
            }

            if (line.IndexOf('=', StringComparison.Ordinal) is > 0 and var separator)
            {
                entries[line[..separator].Trim()] = new Entry(line[(separator + 1)..], comment);
            }

            comment = null;
        }
    }

    private sealed record Entry(string Value, string? Comment);
}
