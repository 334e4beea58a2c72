using Aspire.Hosting.Docker;

namespace ProSaas.Tests.AppHost.Compose;

/// <summary>The stand-in has the members of the package that the product uses, with the package's signatures, and no others.</summary>
public sealed class MemberTests
{
    [Fact]
    public void Public_members_are_the_listed_ones_of_the_package() =>
        string.Join('\n', typeof(DockerComposeEnvironmentResource).Assembly.GetExportedTypes()
            .OrderBy(MemberSignature.OfType, StringComparer.Ordinal)
            .SelectMany(type => MemberSignature.Of(type).Order(StringComparer.Ordinal).Select(member => $"  {member}").Prepend(MemberSignature.OfType(type))))
        .ShouldBe(string.Join('\n', ReferenceAppHost.Read("members.txt").Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#'))));
}
