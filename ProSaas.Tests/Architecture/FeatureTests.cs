using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace ProSaas.Tests.Architecture;

/// <summary>A feature is a folder of the API, and uses another only through the face that is listed here.</summary>
public sealed class FeatureTests
{
    private const string Api = "ProSaas.Api.";

    /// <summary>What all features share; they are no features themselves.</summary>
    private static readonly string[] Shared = ["Http", "Text"];

    /// <summary>The types of each feature that others may use.</summary>
    private static readonly Dictionary<string, string[]> Faces = new()
    {
        ["Accounts"] = ["AccountEndpointExtensions", "CurrentAccount"],
        ["Agents"] = ["AgentReplies", "WarmupCount", "WarmupProgress"],
        ["Budgets"] = ["BudgetEndpointExtensions", "ReplyBudget", "SpentBudget"],
        ["Businesses"] = ["BusinessEndpointExtensions"],
        ["Conversations"] =
        [
            "AgentReply", "ConversationTurns", "CustomerMessage", "StoreOutcome", "StoredMessage", "Turn", "TurnRefusal", "TurnStart",
        ],
        ["Startup"] = ["DatabaseCheck", "DatabaseCheckFactory", "DatabaseProbe", "PeriodicWork", "SchemaGateState"],
        ["WhatsApp"] = ["WhatsAppService"],
    };

    private static readonly ArchUnitNET.Domain.Architecture Model =
        new ArchLoader()
            .LoadAssembly(System.Reflection.Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "ProSaas.Api.dll"))).Build();

    private static readonly List<(string Feature, string Type, string Other, string Used)> Uses =
    [
        .. (from type in Model.Types
            let feature = FeatureOf(type)
            where feature is not null
            from dependency in type.Dependencies
            let other = FeatureOf(dependency.Target)
            where other is not null && other != feature && !Shared.Contains(other) && dependency.Target is not GenericParameter
            select (feature, type.FullName, other, NameOf(dependency.Target))).Distinct(),
    ];

    [Fact]
    public void Feature_uses_another_only_through_its_listed_face() =>
        Uses.Where(use => !Faces.GetValueOrDefault(use.Other, []).Contains(use.Used))
            .Select(use => $"{use.Type} uses {use.Other}.{use.Used}")
            .ShouldBeEmpty();

    [Fact]
    public void Face_lists_only_what_another_feature_uses() =>
        Faces.SelectMany(face => face.Value.Select(type => $"{face.Key}.{type}"))
            .Except(Uses.Select(use => $"{use.Other}.{use.Used}"))
            .ShouldBeEmpty();

    [Fact]
    public void Features_use_each_other_in_no_cycle()
    {
        var edges = Uses.Select(use => (use.Feature, use.Other)).ToHashSet();
        edges.ShouldNotBeEmpty();

        // A cycle is what is left when the features that use no other are taken away again and again.
        while (edges.RemoveWhere(edge => !edges.Any(next => next.Feature == edge.Other)) > 0)
        {
        }

        edges.ShouldBeEmpty();
    }

    [Fact]
    public void Type_of_the_api_belongs_to_a_feature_whose_folder_has_its_name() =>
        Model.Types
            .Select(FeatureOf).OfType<string>().Distinct()
            .Where(feature => !Directory.Exists(Path.Combine(Repository.Root, "ProSaas.Api", feature)))
            .ShouldBeEmpty();

    private static string? FeatureOf(IType type) =>
        type.Namespace?.FullName is { } name && name.StartsWith(Api, StringComparison.Ordinal) ? name[Api.Length..].Split('.')[0] : null;

    /// <summary>The name of the type, or of the one that it is nested in.</summary>
    private static string NameOf(IType type) => type.FullName[(type.Namespace.FullName.Length + 1)..].Split('+', '/', '`')[0];
}
