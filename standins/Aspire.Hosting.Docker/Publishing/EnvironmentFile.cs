using System.Text;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Docker.Publishing;

/// <summary>The <c>.env</c> file beside a Compose file. It gets names; the values in it are the operator's.</summary>
internal static partial class EnvironmentFile
{
    /// <summary>
    /// Adds the variables that the file does not have yet, sorts it by name, and keeps each
    /// value with the comment above it.
    /// </summary>
    public static async Task MergeAsync(
        string path, IReadOnlyDictionary<string, CapturedEnvironmentVariable> variables, CancellationToken cancellationToken)
    {
        var entries = new SortedDictionary<string, (string Value, string? Comment)>(StringComparer.InvariantCulture);
        if (File.Exists(path))
        {
            foreach (Match entry in Entry().Matches(await File.ReadAllTextAsync(path, cancellationToken)))
            {
                entries[entry.Groups["name"].Value] = (entry.Groups["value"].Value, entry.Groups["comment"].Value.Trim());
            }
        }

        foreach (var (name, variable) in variables)
        {
            entries.TryAdd(name, ("", variable.Description));
        }

        var text = new StringBuilder();
        foreach (var (name, (value, comment)) in entries)
        {
            if (!string.IsNullOrEmpty(comment))
            {
                text.Append("# ").Append(comment).Append('\n');
            }

            text.Append(name).Append('=').Append(value).Append("\n\n");
        }

        await File.WriteAllTextAsync(path, text.ToString(), cancellationToken);
    }

    // A quoted value may have several lines:
    // https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
    [GeneratedRegex(
        """
        ^([ \t]*\#(?<comment>[^\r\n]*)\r?\n)?
        [ \t]*(?<name>[^\s\#=][^=\r\n]*?)[ \t]*=
        (?<value>[ \t]*"(\\[\s\S]|[^"\\])*"[^\r\n]*|[ \t]*'(\\[\s\S]|[^'\\])*'[^\r\n]*|[^\r\n]*)
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entry();
}
