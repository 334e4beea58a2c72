using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.Docker;
using Aspire.Hosting.Testing;

namespace ProSaas.Tests.AppHost.StandIns;

/// <summary>The stand-ins have the members of the packages that an AppHost like ours and its tests use, with the same signatures.</summary>
public sealed class MemberTests
{
    private static readonly Assembly[] StandIns =
    [
        typeof(DistributedApplication).Assembly,
        typeof(DockerComposeEnvironmentResource).Assembly,
        typeof(PostgresBuilderExtensions).Assembly,
        typeof(DistributedApplicationTestingBuilder).Assembly,
    ];

    public static TheoryData<string> Types => [.. Reference().Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Type_has_the_members_of_the_package(string name)
    {
        var type = StandIns.SelectMany(assembly => assembly.GetExportedTypes()).SingleOrDefault(type => MemberSignature.OfType(type) == name);
        type.ShouldNotBeNull($"There is no type {name}.");

        var signatures = MemberSignature.Of(type);
        Reference().Single(reference => reference.Name == name).Members.Where(member => !signatures.Contains(member)).ShouldBeEmpty(
            $"Of {name} there are:\n{string.Join('\n', signatures.Order(StringComparer.Ordinal))}\n");
    }

    [Fact]
    public void List_of_members_is_read_whole() => Reference().Sum(type => type.Members.Count).ShouldBeGreaterThan(100);

    private static List<(string Name, List<string> Members)> Reference()
    {
        List<(string Name, List<string> Members)> types = [];
        foreach (var line in ReferenceAppHost.Read("members.txt").Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#')))
        {
            if (line.StartsWith(' '))
            {
                types[^1].Members.Add(line.Trim());
            }
            else
            {
                types.Add((line, []));
            }
        }

        return types;
    }
}
