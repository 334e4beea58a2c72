using Microsoft.EntityFrameworkCore.Migrations;

namespace ProSaas.Testing.Linked.Pending;

[Migration("20990101000003_MoveBack")]
internal sealed class MoveBack : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.RenameTable("moved_entries", newName: "faq_entries");
        migrationBuilder.RenameColumn("moved_answer", "faq_entries", "answer");
        migrationBuilder.DropTable(PendingMigrations.Table);
    }
}
