using System.Reflection;
using Microsoft.EntityFrameworkCore.Migrations;

namespace ProSaas.Data;

internal static class MigrationId
{
    public static string Of(Type migration) =>
        migration.GetCustomAttribute<MigrationAttribute>()?.Id
            ?? throw new InvalidOperationException($"{migration.Name} has no migration id.");
}
