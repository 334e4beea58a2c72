using System.Reflection;

namespace ProSaas.Tests.Architecture;

public sealed class ReferenceTests
{
    private static readonly string[] PackagesWithStandIn = ["Aspire.Hosting.Docker", "Google.Cloud.TextToSpeech.V1"];

    public static TheoryData<string, string[]> AllowedReferences => new()
    {
        { "ProSaas.AppHost", ["LocalPostgres", "ProSaas.Api", "ProSaas.MigrationWorker"] },
        { "ProSaas.Api", ["ProSaas.Data", "ProSaas.ServiceDefaults"] },
        { "ProSaas.MigrationWorker", ["ProSaas.Data", "ProSaas.ServiceDefaults"] },
        { "ProSaas.Data", [] },
        { "ProSaas.ServiceDefaults", [] },
    };

    [Theory]
    [MemberData(nameof(AllowedReferences))]
    public void Product_project_references_only_what_lies_below_it(string project, string[] allowed) =>
        new ProjectFile($"{project}/{project}.csproj").ProjectReferences.Except(allowed).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(AllowedReferences))]
    public void Product_assembly_uses_only_what_lies_below_it(string project, string[] allowed)
    {
        // The AppHost knows the services as resources: it starts them and links to none of them.
        string[] linked = project == "ProSaas.AppHost" ? [] : allowed;
        ReferencedAssemblies(project).Where(name => name.StartsWith("ProSaas.", StringComparison.Ordinal)).Except(linked).ShouldBeEmpty();
    }

    [Fact]
    public void Data_knows_neither_http_nor_hosting() =>
        ReferencedAssemblies("ProSaas.Data")
            .Where(name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [Fact]
    public void Product_projects_are_the_listed_ones() =>
        Repository.ProjectFiles
            .Where(path =>
                path.StartsWith("ProSaas.", StringComparison.Ordinal) && !path.StartsWith("ProSaas.Test", StringComparison.Ordinal))
            .Select(path => new ProjectFile(path).Name)
            .ShouldBe(AllowedReferences.Select(row => row.Data.Item1), ignoreOrder: true);

    [Fact]
    public void Stand_ins_and_hosting_integrations_know_nothing_of_the_product() =>
        (from path in Repository.ProjectFiles
         where path.StartsWith("standins/", StringComparison.Ordinal) || path.StartsWith("hosting/", StringComparison.Ordinal)
         from reference in new ProjectFile(path).ProjectReferences
         where reference.StartsWith("ProSaas.", StringComparison.Ordinal)
         select $"{path} -> {reference}").ShouldBeEmpty();

    [Fact]
    public void Stand_ins_are_the_listed_ones()
    {
        Repository.ProjectFiles.Where(path => path.StartsWith("standins/", StringComparison.Ordinal))
            .ShouldBe(PackagesWithStandIn.Select(package => $"standins/{package}/{package}.csproj"), ignoreOrder: true);
        Repository.Read("Directory.Build.props").ShouldContain($">{string.Join(';', PackagesWithStandIn)}</StandIns>");
    }

    [Fact]
    public void Stand_ins_are_reached_only_as_StandIn()
    {
        var projects = Repository.ProjectFiles.Select(path => new ProjectFile(path)).ToList();

        projects.SelectMany(project => project.StandIns).Distinct().ShouldBe(PackagesWithStandIn, ignoreOrder: true);
        projects.SelectMany(project =>
            project.PackageReferences.Intersect(PackagesWithStandIn).Select(package => $"{project.Path}: {package}")).ShouldBeEmpty();
        projects.SelectMany(project =>
            project.ProjectReferences.Intersect(PackagesWithStandIn).Select(reference => $"{project.Path} -> {reference}")).ShouldBeEmpty();
    }

    private static IEnumerable<string> ReferencedAssemblies(string assembly) =>
        Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, assembly + ".dll"))
            .GetReferencedAssemblies().Select(name => name.Name).OfType<string>();
}
