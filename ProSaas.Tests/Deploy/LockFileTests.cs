namespace ProSaas.Tests.Deploy;

/// <summary>What is built from a commit is made of the same packages everywhere.</summary>
public sealed partial class LockFileTests
{
    private static readonly string[] Dockerfiles = ["deploy/api.Dockerfile", "deploy/migrations.Dockerfile"];

    [Fact]
    public void Every_project_has_its_packages_locked() =>
        Repository.ProjectFiles.Select(LockFile).Where(file => !File.Exists(Path.Combine(Repository.Root, file)))
            .ShouldBeEmpty("Run: dotnet restore ProSaas.sln --force-evaluate");

    [Fact]
    public void Lock_file_names_no_place_that_packages_come_from() =>
        Repository.Files.Where(file => Path.GetFileName(file) == "packages.lock.json")
            .Where(file => Repository.Read(file).Contains("://", StringComparison.Ordinal)).ShouldBeEmpty();

    [Fact]
    public void Project_of_an_image_is_locked_for_the_platforms_of_the_images()
    {
        foreach (var project in Dockerfiles.SelectMany(Projects).Distinct())
        {
            JsonDocument.Parse(Repository.Read($"{project}/packages.lock.json")).RootElement
                .GetProperty("dependencies").EnumerateObject().Select(target => target.Name)
                .ShouldBe(["net10.0", "net10.0/linux-arm64", "net10.0/linux-x64"], project);
        }
    }

    [Fact]
    public void Image_is_restored_from_the_lock_file_of_each_of_its_projects()
    {
        foreach (var dockerfile in Dockerfiles)
        {
            var text = Repository.Read(dockerfile);

            Projects(dockerfile).Count.ShouldBeGreaterThan(2);
            foreach (var project in Projects(dockerfile))
            {
                text.ShouldContain($"COPY {project}/*.csproj {project}/packages.lock.json {project}/\n", customMessage: dockerfile);
            }

            text.ShouldMatch("(?m)^RUN dotnet restore .* --locked-mode$");
            text.ShouldMatch("(?m)^RUN dotnet publish .* --no-restore ");
        }
    }

    [Fact]
    public void Ci_restores_in_locked_mode() => Repository.Read(".ci/run").ShouldContain("\nexport RestoreLockedMode=true\n");

    private static string LockFile(string project) => $"{Path.GetDirectoryName(project)}/packages.lock.json";

    private static List<string> Projects(string dockerfile) =>
        [.. Copied().Matches(Repository.Read(dockerfile)).Select(match => match.Groups["project"].Value)];

    [GeneratedRegex(
        @"^COPY (?<project>\S+)/\*\.csproj ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Copied();
}
