using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using ProSaas.Data.Schema;

#nullable disable

namespace ProSaas.Data.Migrations;

public sealed partial class WhatsApp : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "whatsapp_messages",
            columns: table => new
            {
                id = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                business_id = table.Column<long>(type: "bigint", nullable: false),
                message_id = table.Column<long>(type: "bigint", nullable: false),
                external_id = table.Column<string>(type: "text", nullable: false, defaultValue: ""),
                sender = table.Column<string>(type: "text", nullable: false),
                received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                claimed_by = table.Column<string>(type: "text", nullable: true),
                claimed_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                attempts = table.Column<int>(type: "integer", nullable: false, defaultValueSql: "0"),
                next_attempt_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                settled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                outcome = table.Column<string>(type: "text", nullable: true)
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_whatsapp_messages", x => new { x.business_id, x.id });
                table.CheckConstraint("ck_whatsapp_messages_outcome", "(settled_at IS NULL) = (outcome IS NULL) AND outcome IN ('answered', 'silent', 'undeliverable')");
                table.ForeignKey(
                    name: "fk_whatsapp_messages_messages_business_id_message_id",
                    columns: x => new { x.business_id, x.message_id },
                    principalTable: "messages",
                    principalColumns: new[] { "business_id", "id" },
                    onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.CreateTable(
            name: "whatsapp_sessions",
            columns: table => new
            {
                business_id = table.Column<long>(type: "bigint", nullable: false),
                state = table.Column<string>(type: "text", nullable: false),
                since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                reason = table.Column<string>(type: "text", nullable: true),
                phone = table.Column<string>(type: "text", nullable: true)
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_whatsapp_sessions", x => x.business_id);
                table.CheckConstraint("ck_whatsapp_sessions_state", "state IN ('pairing', 'connecting', 'connected', 'degraded', 'logged_out')");
                table.ForeignKey(
                    name: "fk_whatsapp_sessions_businesses_business_id",
                    column: x => x.business_id,
                    principalTable: "businesses",
                    principalColumn: "id",
                    onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.CreateIndex(
            name: "ix_whatsapp_messages_business_id_message_id",
            table: "whatsapp_messages",
            columns: new[] { "business_id", "message_id" },
            unique: true);

        migrationBuilder.CreateIndex(
            name: "ix_whatsapp_messages_open",
            table: "whatsapp_messages",
            columns: new[] { "business_id", "sender", "id" },
            filter: "settled_at IS NULL");

        migrationBuilder.IsolateByBusiness("whatsapp_messages", "business_id", "SELECT, INSERT, UPDATE");
        migrationBuilder.IsolateByBusiness("whatsapp_sessions", "business_id", "SELECT, INSERT, UPDATE");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(
            name: "whatsapp_messages");

        migrationBuilder.DropTable(
            name: "whatsapp_sessions");
    }
}
