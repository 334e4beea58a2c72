using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using ProSaas.Data.Schema;

#nullable disable

namespace ProSaas.Data.Migrations;

public sealed partial class FaqEntries : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "faq_entries",
            columns: table => new
            {
                id = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                business_id = table.Column<long>(type: "bigint", nullable: false),
                question = table.Column<string>(type: "text", nullable: false),
                answer = table.Column<string>(type: "text", nullable: false),
                position = table.Column<int>(type: "integer", nullable: false, defaultValueSql: "0"),
                xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_faq_entries", x => x.id);
                table.CheckConstraint("ck_faq_entries_question", "btrim(question) <> ''");
                table.ForeignKey(
                    name: "fk_faq_entries_businesses_business_id",
                    column: x => x.business_id,
                    principalTable: "businesses",
                    principalColumn: "id",
                    onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.CreateIndex(
            name: "ix_faq_entries_business_id_position",
            table: "faq_entries",
            columns: new[] { "business_id", "position" });

        migrationBuilder.IsolateByBusiness("faq_entries", "business_id", "SELECT, INSERT, UPDATE, DELETE");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(
            name: "faq_entries");
    }
}
