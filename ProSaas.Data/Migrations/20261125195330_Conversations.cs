using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using ProSaas.Data.Schema;

#nullable disable

namespace ProSaas.Data.Migrations;

public sealed partial class Conversations : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "contacts",
            columns: table => new
            {
                id = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                business_id = table.Column<long>(type: "bigint", nullable: false),
                channel = table.Column<string>(type: "text", nullable: false),
                external_id = table.Column<string>(type: "text", nullable: false),
                display_name = table.Column<string>(type: "text", nullable: true)
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_contacts", x => new { x.business_id, x.id });
                table.CheckConstraint("ck_contacts_channel", "channel IN ('calls', 'whatsapp')");
                table.CheckConstraint("ck_contacts_external_id", "btrim(external_id) <> ''");
                table.ForeignKey(
                    name: "fk_contacts_businesses_business_id",
                    column: x => x.business_id,
                    principalTable: "businesses",
                    principalColumn: "id",
                    onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.CreateTable(
            name: "conversations",
            columns: table => new
            {
                id = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                business_id = table.Column<long>(type: "bigint", nullable: false),
                contact_id = table.Column<long>(type: "bigint", nullable: false),
                channel = table.Column<string>(type: "text", nullable: false),
                started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                last_message_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                handed_over_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                lease_owner = table.Column<string>(type: "text", nullable: true),
                lease_expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                fencing_token = table.Column<long>(type: "bigint", nullable: false, defaultValueSql: "0")
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_conversations", x => new { x.business_id, x.id });
                table.CheckConstraint("ck_conversations_channel", "channel IN ('calls', 'whatsapp')");
                table.CheckConstraint("ck_conversations_lease", "(lease_owner IS NULL) = (lease_expires_at IS NULL)");
                table.ForeignKey(
                    name: "fk_conversations_contacts_business_id_contact_id",
                    columns: x => new { x.business_id, x.contact_id },
                    principalTable: "contacts",
                    principalColumns: new[] { "business_id", "id" },
                    onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.CreateTable(
            name: "messages",
            columns: table => new
            {
                id = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                business_id = table.Column<long>(type: "bigint", nullable: false),
                conversation_id = table.Column<long>(type: "bigint", nullable: false),
                role = table.Column<string>(type: "text", nullable: false),
                text = table.Column<string>(type: "text", nullable: false),
                created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                idempotency_key = table.Column<string>(type: "text", nullable: true),
                waits_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                in_reply_to = table.Column<long>(type: "bigint", nullable: true),
                answerer = table.Column<string>(type: "text", nullable: true),
                faq_entry_id = table.Column<long>(type: "bigint", nullable: true),
                is_fallback = table.Column<bool>(type: "boolean", nullable: false, defaultValueSql: "false"),
                took_message = table.Column<bool>(type: "boolean", nullable: false, defaultValueSql: "false"),
                handed_over = table.Column<bool>(type: "boolean", nullable: false, defaultValueSql: "false"),
                input_tokens = table.Column<int>(type: "integer", nullable: true),
                output_tokens = table.Column<int>(type: "integer", nullable: true)
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_messages", x => new { x.business_id, x.id });
                table.CheckConstraint("ck_messages_role", "role = 'customer' AND idempotency_key IS NOT NULL AND in_reply_to IS NULL\nOR role = 'agent' AND idempotency_key IS NULL AND in_reply_to IS NOT NULL AND answerer IS NOT NULL");
                table.ForeignKey(
                    name: "fk_messages_conversations_business_id_conversation_id",
                    columns: x => new { x.business_id, x.conversation_id },
                    principalTable: "conversations",
                    principalColumns: new[] { "business_id", "id" },
                    onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.CreateTable(
            name: "owner_messages",
            columns: table => new
            {
                id = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                business_id = table.Column<long>(type: "bigint", nullable: false),
                conversation_id = table.Column<long>(type: "bigint", nullable: false),
                text = table.Column<string>(type: "text", nullable: false),
                created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_owner_messages", x => new { x.business_id, x.id });
                table.ForeignKey(
                    name: "fk_owner_messages_conversations_business_id_conversation_id",
                    columns: x => new { x.business_id, x.conversation_id },
                    principalTable: "conversations",
                    principalColumns: new[] { "business_id", "id" },
                    onDelete: ReferentialAction.Cascade);
            });

        migrationBuilder.CreateIndex(
            name: "ix_contacts_business_id_external_id_channel",
            table: "contacts",
            columns: new[] { "business_id", "external_id", "channel" },
            unique: true);

        migrationBuilder.CreateIndex(
            name: "ix_conversations_business_id_contact_id_id",
            table: "conversations",
            columns: new[] { "business_id", "contact_id", "id" });

        migrationBuilder.CreateIndex(
            name: "ix_conversations_business_id_last_message_at",
            table: "conversations",
            columns: new[] { "business_id", "last_message_at" });

        migrationBuilder.CreateIndex(
            name: "ix_messages_business_id_conversation_id_id",
            table: "messages",
            columns: new[] { "business_id", "conversation_id", "id" });

        migrationBuilder.CreateIndex(
            name: "ix_messages_business_id_idempotency_key",
            table: "messages",
            columns: new[] { "business_id", "idempotency_key" },
            unique: true,
            filter: "idempotency_key IS NOT NULL");

        migrationBuilder.CreateIndex(
            name: "ix_messages_business_id_in_reply_to",
            table: "messages",
            columns: new[] { "business_id", "in_reply_to" },
            unique: true,
            filter: "in_reply_to IS NOT NULL");

        migrationBuilder.CreateIndex(
            name: "ix_messages_waiting",
            table: "messages",
            columns: new[] { "business_id", "conversation_id" },
            filter: "waits_until IS NOT NULL");

        migrationBuilder.CreateIndex(
            name: "ix_owner_messages_business_id_conversation_id",
            table: "owner_messages",
            columns: new[] { "business_id", "conversation_id" });

        // What belongs to a contact goes with it, by the foreign keys; the app's role takes away nothing else.
        migrationBuilder.IsolateByBusiness("contacts", "business_id", "SELECT, INSERT, UPDATE, DELETE");
        migrationBuilder.IsolateByBusiness("conversations", "business_id", "SELECT, INSERT, UPDATE");
        migrationBuilder.IsolateByBusiness("messages", "business_id", "SELECT, INSERT, UPDATE");
        migrationBuilder.IsolateByBusiness("owner_messages", "business_id", "SELECT, INSERT");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(
            name: "messages");

        migrationBuilder.DropTable(
            name: "owner_messages");

        migrationBuilder.DropTable(
            name: "conversations");

        migrationBuilder.DropTable(
            name: "contacts");
    }
}
