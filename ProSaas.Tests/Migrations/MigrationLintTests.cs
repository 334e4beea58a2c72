using System.Reflection;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using ProSaas.Data;

namespace ProSaas.Tests.Migrations;

/// <summary>Expand, migrate, contract: what the previous release could not live with needs the mark of a breaking migration.</summary>
public sealed partial class MigrationLintTests
{
    private const string Provider = "Npgsql.EntityFrameworkCore.PostgreSQL";

    public static TheoryData<Type> Migrations =>
    [
        .. typeof(ProSaasDbContext).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Migration))
                && type.GetCustomAttribute<DbContextAttribute>()?.ContextType == typeof(ProSaasDbContext)),
    ];

    [Theory]
    [MemberData(nameof(Migrations))]
    public void Migration_that_breaks_the_previous_release_is_marked(Type migration)
    {
        var operations = Up((Migration)Activator.CreateInstance(migration)!);
        if (!operations.OfType<SqlOperation>().Any(operation => Mark().IsMatch(operation.Sql)))
        {
            Breaking(operations).ShouldBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Migrations))]
    public void Statement_outside_a_transaction_can_be_run_again(Type migration) =>
        NotRepeatable(Up((Migration)Activator.CreateInstance(migration)!)).ShouldBeEmpty();

    [Fact]
    public void Each_kind_of_break_is_found()
    {
        var builder = new MigrationBuilder(Provider);
        builder.DropTable("t");
        builder.DropColumn("c", "t");
        builder.RenameTable("t", newName: "u");
        builder.RenameColumn("c", "t", "d");
        builder.AddColumn<string>("c", "t", nullable: false);
        builder.AlterColumn<string>("c", "t", nullable: false, oldNullable: true);
        builder.AlterColumn<int>("c", "t", type: "integer", oldType: "text");
        builder.Sql("ALTER TABLE t DROP COLUMN c");
        builder.Sql("drop table t");
        builder.Sql("ALTER TABLE t RENAME COLUMN c TO d");
        builder.Sql("ALTER TABLE t ALTER COLUMN c SET NOT NULL");
        builder.Sql("ALTER TABLE t ADD COLUMN c text NOT NULL");

        Breaking(builder.Operations).Count().ShouldBe(builder.Operations.Count);
    }

    [Fact]
    public void Changes_that_the_previous_release_can_live_with_pass()
    {
        var builder = new MigrationBuilder(Provider);
        builder.AddColumn<string>("c", "t", nullable: true);
        builder.AddColumn<string>("c", "t", nullable: false, defaultValue: "");
        builder.AddColumn<string>("c", "t", nullable: false, defaultValueSql: "now()");
        builder.AlterColumn<string>("c", "t", nullable: true, oldNullable: false);
        builder.CreateIndex("i", "t", "c");
        builder.DropIndex("i", "t");
        builder.Sql("ALTER TABLE t ADD COLUMN c text NOT NULL DEFAULT ''");
        builder.Sql("CREATE TABLE t (c text NOT NULL); DROP TRIGGER IF EXISTS x ON t; DROP FUNCTION f();");

        Breaking(builder.Operations).ShouldBeEmpty();
    }

    [Fact]
    public void Statement_that_cannot_be_run_again_is_found()
    {
        var builder = new MigrationBuilder(Provider);
        builder.Sql("CREATE INDEX CONCURRENTLY i ON t (c)", suppressTransaction: true);
        builder.Sql("DROP INDEX CONCURRENTLY IF EXISTS i; CREATE INDEX CONCURRENTLY i ON t (c)", suppressTransaction: true);

        NotRepeatable(builder.Operations).Count().ShouldBe(1);
    }

    private static IReadOnlyList<MigrationOperation> Up(Migration migration)
    {
        migration.ActiveProvider = Provider;
        return migration.UpOperations;
    }

    private static IEnumerable<string> Breaking(IEnumerable<MigrationOperation> operations) => operations.Select(Break).OfType<string>();

    private static string? Break(MigrationOperation operation) => operation switch
    {
        DropTableOperation drop => $"drops table {drop.Name}",
        DropColumnOperation drop => $"drops column {drop.Table}.{drop.Name}",
        RenameTableOperation rename => $"renames table {rename.Name}",
        RenameColumnOperation rename => $"renames column {rename.Table}.{rename.Name}",
        AddColumnOperation { IsNullable: false, DefaultValue: null, DefaultValueSql: null, ComputedColumnSql: null } add when !IsGenerated(
            add) =>
            $"adds column {add.Table}.{add.Name}, which is required and has no default",
        AlterColumnOperation { IsNullable: false, OldColumn.IsNullable: true } alter => $"requires column {alter.Table}.{alter.Name}",
        AlterColumnOperation alter when alter.OldColumn.ColumnType is { } old && old != alter.ColumnType =>
            $"changes the type of {alter.Table}.{alter.Name}",
        SqlOperation sql when BreakingSql().Match(sql.Sql) is { Success: true } found => $"says '{found.Value}'",
        _ => null,
    };

    private static bool IsGenerated(AddColumnOperation add) =>
        add.IsRowVersion || add.GetAnnotations().Any(annotation => annotation.Name == "Npgsql:ValueGenerationStrategy");

    private static IEnumerable<string> NotRepeatable(IEnumerable<MigrationOperation> operations) => operations.OfType<SqlOperation>()
        .Where(operation => operation.SuppressTransaction && !operation.Sql.Contains("IF EXISTS", StringComparison.OrdinalIgnoreCase)
            && !operation.Sql.Contains("IF NOT EXISTS", StringComparison.OrdinalIgnoreCase))
        .Select(operation => operation.Sql);

    [GeneratedRegex(@"set_config\('prosaas\.required_release', '\d", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mark();

    [GeneratedRegex(
        @"\bDROP\s+(TABLE|COLUMN|VIEW|SCHEMA)\b|\bALTER\s+TABLE\b[^;]*\bRENAME\b|\bSET\s+NOT\s+NULL\b|\bADD\s+COLUMN\b(?![^;,]*\b(DEFAULT|GENERATED)\b)[^;,]*\bNOT\s+NULL\b|\bALTER\s+COLUMN\b[^;]*\bTYPE\b",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BreakingSql();
}
