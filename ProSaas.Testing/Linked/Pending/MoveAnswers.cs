using Microsoft.EntityFrameworkCore.Migrations;

namespace ProSaas.Testing.Linked.Pending;

[Migration("20990101000001_MoveAnswers")]
internal sealed class MoveAnswers : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql($"CREATE TABLE {PendingMigrations.Table} (id int)");
        migrationBuilder.RenameColumn("answer", "faq_entries", "moved_answer");
    }
}
