using System.Net;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using ProSaas.Data.Schema;

#nullable disable

namespace ProSaas.Data.Migrations;

public sealed partial class BusinessAudit : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "audit_entries",
            columns: table => new
            {
                id = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                business_id = table.Column<long>(type: "bigint", nullable: false),
                account_id = table.Column<long>(type: "bigint", nullable: false),
                account_email = table.Column<string>(type: "text", nullable: false),
                client_address = table.Column<IPAddress>(type: "inet", nullable: true),
                action = table.Column<string>(type: "text", nullable: false),
                subject_id = table.Column<long>(type: "bigint", nullable: false),
                before = table.Column<string>(type: "jsonb", nullable: true),
                after = table.Column<string>(type: "jsonb", nullable: true),
                at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_audit_entries", x => x.id);
                table.ForeignKey(
                    name: "fk_audit_entries_businesses_business_id",
                    column: x => x.business_id,
                    principalTable: "businesses",
                    principalColumn: "id",
                    onDelete: ReferentialAction.Restrict);
            });

        migrationBuilder.CreateIndex(
            name: "ix_businesses_phone_e164",
            table: "businesses",
            column: "phone_e164",
            unique: true);

        migrationBuilder.CreateIndex(
            name: "ix_businesses_whatsapp_number",
            table: "businesses",
            column: "whatsapp_number",
            unique: true);

        migrationBuilder.CreateIndex(
            name: "ix_audit_entries_business_id_id",
            table: "audit_entries",
            columns: new[] { "business_id", "id" });

        // Written and read, by nobody changed or removed.
        migrationBuilder.IsolateByBusiness("audit_entries", "business_id", appRights: "SELECT, INSERT", systemRights: "SELECT, INSERT");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(
            name: "audit_entries");

        migrationBuilder.DropIndex(
            name: "ix_businesses_phone_e164",
            table: "businesses");

        migrationBuilder.DropIndex(
            name: "ix_businesses_whatsapp_number",
            table: "businesses");
    }
}
