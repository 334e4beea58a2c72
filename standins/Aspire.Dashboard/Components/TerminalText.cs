using System.Text.RegularExpressions;

namespace Aspire.Dashboard.Components;

/// <summary>Lines that were written for a terminal.</summary>
internal static class TerminalText
{
    /// <summary>ECMA-48: control sequences, and operating system commands such as a window's title.</summary>
    private static readonly Regex Sequence = new(@"\e(?:\[[0-?]*[ -/]*[@-~]|\][^\a\e]*(?:\a|\e\\))", RegexOptions.NonBacktracking);

    /// <summary>The line without the sequences that colour it.</summary>
    public static string Plain(string line) => line.Contains('\e', StringComparison.Ordinal) ? Sequence.Replace(line, "") : line;
}
