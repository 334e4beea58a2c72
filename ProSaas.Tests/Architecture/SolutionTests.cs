namespace ProSaas.Tests.Architecture;

public sealed partial class SolutionTests
{
    /// <summary>Settings that are the same for every project and so have their one place in Directory.Build.props.</summary>
    private static readonly string[] CentralSettings =
    [
        "TargetFramework", "TargetFrameworks", "Nullable", "ImplicitUsings", "TreatWarningsAsErrors", "WarningsAsErrors",
        "WarningsNotAsErrors",
        "AnalysisLevel", "AnalysisMode", "EnforceCodeStyleInBuild", "RunAnalyzers", "UseArtifactsOutput", "ArtifactsPath", "OutputPath",
        "Version",
        "ManagePackageVersionsCentrally", "CentralPackageTransitivePinningEnabled",
    ];

    [Fact]
    public void Solution_has_every_project_and_no_other()
    {
        var listed = ProjectLine().Matches(Repository.Read("ProSaas.sln")).Select(match => match.Groups["path"].Value.Replace('\\', '/'));
        listed.ShouldBe(Repository.ProjectFiles, ignoreOrder: true);
    }

    [Fact]
    public void Solution_builds_every_project_in_every_configuration()
    {
        var solution = Repository.Read("ProSaas.sln");
        var projects = ProjectLine().Matches(solution).Select(match => match.Groups["id"].Value);
        projects.Where(id => !solution.Contains($"{id}.Debug|Any CPU.Build.0", StringComparison.OrdinalIgnoreCase)
            || !solution.Contains($"{id}.Release|Any CPU.Build.0", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    [Fact]
    public void Project_keeps_the_central_settings() =>
        (from path in Repository.ProjectFiles
         let project = new ProjectFile(path)
         from setting in CentralSettings.SelectMany(project.Elements)
         select $"{path}: {setting.Name.LocalName}").ShouldBeEmpty();

    [Fact]
    public void Project_silences_no_warning_of_its_own() =>
        (from path in Repository.ProjectFiles
         let project = new ProjectFile(path)
         from setting in project.Elements("NoWarn")
         where setting.PreviousNode is not System.Xml.Linq.XComment
         select $"{path}: NoWarn {setting.Value} without a comment that says why").ShouldBeEmpty();

    [Fact]
    public void Package_version_is_named_centrally() =>
        (from path in Repository.ProjectFiles
         let project = new ProjectFile(path)
         from reference in project.Elements("PackageReference")
         where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
         select $"{path}: {reference.Attribute("Include")?.Value}").ShouldBeEmpty();

    [Fact]
    public void Settings_files_are_the_central_ones() =>
        Repository.Files.Where(file =>
            Path.GetFileName(file) is "Directory.Build.props" or "Directory.Build.targets" or "Directory.Packages.props")
            .ShouldBe(["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"], ignoreOrder: true);

    [GeneratedRegex("""^Project\("[^"]+"\) = "[^"]+", "(?<path>[^"]+\.csproj)", "(?<id>\{[^"]+\})"\r?$""",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ProjectLine();
}
