using Microsoft.EntityFrameworkCore.Migrations;
using ProSaas.Data.Schema;

#nullable disable

namespace ProSaas.Data.Migrations;

public sealed partial class SpeechUsage : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "speech_usage",
            columns: table => new
            {
                business_id = table.Column<long>(type: "bigint", nullable: false),
                day = table.Column<DateOnly>(type: "date", nullable: false),
                characters = table.Column<long>(type: "bigint", nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_speech_usage", x => x.business_id);
                table.CheckConstraint("ck_speech_usage_characters", "characters >= 0");
                table.ForeignKey(
                    name: "fk_speech_usage_businesses_business_id",
                    column: x => x.business_id,
                    principalTable: "businesses",
                    principalColumn: "id",
                    onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.IsolateByBusiness("speech_usage", "business_id", "SELECT, INSERT, UPDATE");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(
            name: "speech_usage");
    }
}
