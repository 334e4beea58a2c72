using Aspire.Hosting.Docker;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ProSaas.Tests.AppHost.Compose;

/// <summary>The stand-in has the members of the package that the product uses, with the package's signatures, and no others.</summary>
public sealed class MemberTests
{
    private static readonly SymbolDisplayFormat Format = new(
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType,
        parameterOptions: SymbolDisplayParameterOptions.IncludeExtensionThis | SymbolDisplayParameterOptions.IncludeModifiers
            | SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    [Fact]
    public void Public_members_are_the_listed_ones_of_the_package()
    {
        var compilation = CSharpCompilation.Create("Members", references: ReferenceAppHost.References);
        var types = typeof(DockerComposeEnvironmentResource).Assembly.GetExportedTypes()
            .Select(type => compilation.GetTypeByMetadataName(type.FullName!)!);

        string.Join('\n', types.OrderBy(type => $"{type}", StringComparer.Ordinal).SelectMany(Lines))
            .ShouldBe(string.Join(
                '\n', ReferenceAppHost.Read("members.txt").Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#'))));
    }

    private static IEnumerable<string> Lines(INamedTypeSymbol type) =>
        type.GetMembers()
            .Where(member => member is { DeclaredAccessibility: Accessibility.Public } and not IMethodSymbol { AssociatedSymbol: not null })
            .Select(member => $"  {member.ToDisplayString(Format)}")
            .Order(StringComparer.Ordinal)
            .Prepend($"{type}");
}
