using System.Globalization;

namespace ProSaas.Tests.AppHost.StandIns.Processes;

/// <summary>The processes of this machine, as <c>/proc</c> tells them.</summary>
internal static class ProcessTree
{
    /// <summary>A process and everything that was started below it.</summary>
    public static IReadOnlyList<ProcessEntry> Under(int root)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(ProcessEntry.Read).OfType<ProcessEntry>().ToList();
        var found = all.Where(process => process.Id == root).ToList();
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(all.Where(process => process.ParentId == found[i].Id));
        }

        return found;
    }
}

/// <summary>A process.</summary>
/// <param name="Id">Its id, which another may have later.</param>
/// <param name="ParentId">The process that started it.</param>
/// <param name="StartTime">When it started, in clock ticks since the machine did.</param>
/// <param name="Command">Its command line.</param>
internal sealed record ProcessEntry(int Id, int ParentId, string StartTime, string Command)
{
    private const int State = 0;
    private const int Parent = 1;
    private const int Start = 19;

    public bool IsAlive => Read($"/proc/{Id}") is { } now && now.StartTime == StartTime;

    /// <summary>What is known of a process; null if there is none that is alive.</summary>
    public static ProcessEntry? Read(string folder)
    {
        if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        try
        {
            // 42 (a name, with any character) S 1 ...
            var text = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            var command = File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
            return fields[State] is "Z" or "X" ? null : new ProcessEntry(id, int.Parse(fields[Parent], CultureInfo.InvariantCulture), fields[Start], command);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
