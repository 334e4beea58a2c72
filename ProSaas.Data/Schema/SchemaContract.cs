using System.Reflection;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ProSaas.Data.Schema;

/// <summary>What this binary expects of the database, known without asking it.</summary>
public static class SchemaContract
{
    /// <summary>Channel that carries the id of each row added to <c>schema_applied</c>, when its transaction commits.</summary>
    public const string NotificationChannel = "prosaas_schema";

    /// <summary>Channel that carries the key of a business whose agents are out of date, when the change commits.</summary>
    public const string AgentChannel = "prosaas_agents";

    /// <summary>Row of <c>schema_applied</c> that says the development seed is in.</summary>
    public const string SeedMarker = "seed:development";

    /// <summary>Ids of the migrations compiled into this binary, oldest first.</summary>
    public static IReadOnlyList<string> Migrations { get; } = FindMigrations();

    private static List<string> FindMigrations() =>
    [
        .. typeof(SchemaContract).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Migration))
                && type.GetCustomAttribute<DbContextAttribute>()?.ContextType == typeof(ProSaasDbContext))
            .Select(MigrationId.Of)
            .Order(StringComparer.Ordinal),
    ];
}
