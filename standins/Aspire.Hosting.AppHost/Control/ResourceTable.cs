using System.Globalization;
using System.Text;

namespace Aspire.Hosting.Control;

/// <summary>Shows the resources to people at a terminal.</summary>
internal static class ResourceTable
{
    private const string ColumnSpace = "  ";

    public static string Write(IReadOnlyList<ResourceView> resources)
    {
        List<string[]> rows = [["RESOURCE", "STATE", "HEALTH", "PROCESS", "ADDRESS", "COMMANDS"], .. resources.Select(Row)];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToList();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.Append(string.Join(ColumnSpace, row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        }

        foreach (var resource in resources.Where(resource => resource.Reason is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{resource.Name}: {resource.Reason}\n");
        }

        return text.ToString();
    }

    private static string[] Row(ResourceView resource) =>
    [
        resource.Name,
        resource.ExitCode is { } code ? $"{resource.State} ({code})" : resource.State,
        resource.Health ?? "-",
        resource.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? "-",
        Joined(resource.Urls.Select(url => url.Url)),
        Joined(resource.Commands.Where(command => command.IsEnabled).Select(command => command.Name)),
    ];

    private static string Joined(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } text ? text : "-";
}
