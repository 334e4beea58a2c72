namespace ProSaas.Testing;

/// <summary>The checkout that the tests were built from, read as files.</summary>
public static class Repository
{
    private static readonly string[] NotOurs = ["artifacts", "node_modules", ".git", ".vs", ".idea", ".vscode", "TestResults"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths of the files in the checkout, relative to its root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Enumerate(new DirectoryInfo(Root))
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> ProjectFiles => Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal));

    /// <summary>C# of the product: neither tests nor generated code.</summary>
    public static IEnumerable<string> ProductSources =>
        Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal)
            && !file.StartsWith("ProSaas.Tests/", StringComparison.Ordinal)
            && !file.StartsWith("ProSaas.Testing/", StringComparison.Ordinal)
            && !file.StartsWith("ProSaas.Data/CompiledModel/", StringComparison.Ordinal));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>"file:line: text" of each line that the condition holds for.</summary>
    public static IEnumerable<string> LinesWhere(IEnumerable<string> files, Func<string, bool> condition) =>
        from file in files
        from line in File.ReadLines(Path.Combine(Root, file)).Select((text, index) => (Text: text, Number: index + 1))
        where condition(line.Text)
        select $"{file}:{line.Number}: {line.Text.Trim()}";

    private static IEnumerable<FileInfo> Enumerate(DirectoryInfo folder) =>
        folder.EnumerateFiles().Where(file => !NotOurs.Contains(file.Name, StringComparer.Ordinal)).Concat(
            folder.EnumerateDirectories().Where(child => !NotOurs.Contains(child.Name, StringComparer.Ordinal)).SelectMany(Enumerate));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ProSaas.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has ProSaas.sln.");
    }
}
