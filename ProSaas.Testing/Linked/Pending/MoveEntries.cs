using Microsoft.EntityFrameworkCore.Migrations;

namespace ProSaas.Testing.Linked.Pending;

[Migration("20990101000002_MoveEntries")]
internal sealed class MoveEntries : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.RenameTable("faq_entries", newName: "moved_entries");
}
