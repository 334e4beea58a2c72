using System.Xml.Linq;

namespace ProSaas.Tests.Architecture;

/// <summary>What a project file says by itself, before central settings.</summary>
internal sealed class ProjectFile
{
    private readonly XDocument document;

    public ProjectFile(string path)
    {
        Path = path;
        document = XDocument.Parse(Repository.Read(path));
    }

    public string Path { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Names of the referenced projects, without folder and extension.</summary>
    public IReadOnlyList<string> ProjectReferences => [.. Included("ProjectReference").Select(NameOf)];

    /// <summary>Names of the packages that may be stood in for.</summary>
    public IReadOnlyList<string> StandIns => [.. Included("StandIn")];

    public IReadOnlyList<string> PackageReferences => [.. Included("PackageReference")];

    /// <summary>Project references as written.</summary>
    public IReadOnlyList<string> ProjectReferencePaths => [.. Included("ProjectReference").Select(path => path.Replace('\\', '/'))];

    public IEnumerable<XElement> Elements(string name) => document.Descendants().Where(element => element.Name.LocalName == name);

    private IEnumerable<string> Included(string item) =>
        Elements(item).Select(element => element.Attribute("Include")?.Value).OfType<string>();

    private static string NameOf(string reference) => System.IO.Path.GetFileNameWithoutExtension(reference.Replace('\\', '/'));
}
