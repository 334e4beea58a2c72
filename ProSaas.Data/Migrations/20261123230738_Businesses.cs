using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using ProSaas.Data.Schema;

#nullable disable

namespace ProSaas.Data.Migrations;

public sealed partial class Businesses : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "businesses",
            columns: table => new
            {
                id = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:IdentitySequenceOptions", "'1001', '1', '', '', 'False', '1'")
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                name = table.Column<string>(type: "text", nullable: false),
                business_type = table.Column<string>(type: "text", nullable: false),
                phone_e164 = table.Column<string>(type: "text", nullable: true),
                whatsapp_number = table.Column<string>(type: "text", nullable: true),
                greeting = table.Column<string>(type: "text", nullable: false),
                system_prompt = table.Column<string>(type: "text", nullable: false),
                whatsapp_system_prompt = table.Column<string>(type: "text", nullable: true),
                language = table.Column<string>(type: "text", nullable: false, defaultValueSql: "'he-IL'"),
                voice_name = table.Column<string>(type: "text", nullable: true),
                speaking_rate = table.Column<double>(type: "double precision", nullable: false, defaultValueSql: "1"),
                time_zone = table.Column<string>(type: "text", nullable: false, defaultValueSql: "'Asia/Jerusalem'"),
                opening_hours = table.Column<string>(type: "jsonb", nullable: false, defaultValueSql: "'[]'"),
                is_active = table.Column<bool>(type: "boolean", nullable: false, defaultValueSql: "true"),
                calls_enabled = table.Column<bool>(type: "boolean", nullable: false, defaultValueSql: "false"),
                whatsapp_enabled = table.Column<bool>(type: "boolean", nullable: false, defaultValueSql: "false"),
                last_activity_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                agent_version = table.Column<long>(type: "bigint", nullable: false, defaultValueSql: "1"),
                xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_businesses", x => x.id);
                table.CheckConstraint("ck_businesses_name", "btrim(name) <> ''");
                table.CheckConstraint("ck_businesses_speaking_rate", "speaking_rate BETWEEN 0.25 AND 4");
            });

        migrationBuilder.CreateIndex(
            name: "ix_businesses_last_activity_at",
            table: "businesses",
            column: "last_activity_at",
            descending: [],
            filter: "is_active");

        // A business is made and removed by the platform, never by itself.
        migrationBuilder.IsolateByBusiness("businesses", "id", "SELECT, UPDATE");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(
            name: "businesses");
    }
}
