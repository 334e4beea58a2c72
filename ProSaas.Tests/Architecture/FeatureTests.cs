using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace ProSaas.Tests.Architecture;

public sealed class FeatureTests
{
    private const string Api = "ProSaas.Api.";

    /// <summary>What all features share of HTTP; it is not a feature itself.</summary>
    private const string Shared = "Http";

    private static readonly ArchUnitNET.Domain.Architecture Model =
        new ArchLoader().LoadAssembly(System.Reflection.Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "ProSaas.Api.dll"))).Build();

    [Fact]
    public void Feature_uses_another_only_through_its_public_face() =>
        (from type in Model.Types
         let feature = FeatureOf(type)
         where feature is not null
         from dependency in type.Dependencies
         let other = FeatureOf(dependency.Target)
         where other is not null && other != feature && other is not Shared && dependency.Target is not GenericParameter && dependency.Target.Visibility != Visibility.Public
         select $"{type.FullName} uses {dependency.Target.FullName}").Distinct().ShouldBeEmpty();

    [Fact]
    public void Type_of_the_api_belongs_to_a_feature_whose_folder_has_its_name() =>
        Model.Types
            .Select(FeatureOf).OfType<string>().Distinct()
            .Where(feature => !Directory.Exists(Path.Combine(Repository.Root, "ProSaas.Api", feature)))
            .ShouldBeEmpty();

    private static string? FeatureOf(IType type) =>
        type.Namespace?.FullName is { } name && name.StartsWith(Api, StringComparison.Ordinal) ? name[Api.Length..].Split('.')[0] : null;
}
