using System;
using System.Net;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace ProSaas.Data.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "accounts",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    name = table.Column<string>(type: "text", nullable: true),
                    is_system_admin = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    disabled_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    user_name = table.Column<string>(type: "text", nullable: false),
                    normalized_user_name = table.Column<string>(type: "text", nullable: false),
                    email = table.Column<string>(type: "text", nullable: false),
                    normalized_email = table.Column<string>(type: "text", nullable: false),
                    password_hash = table.Column<string>(type: "text", nullable: true),
                    security_stamp = table.Column<string>(type: "text", nullable: true),
                    concurrency_stamp = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_accounts", x => x.id);
                });

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

            migrationBuilder.CreateTable(
                name: "data_protection_keys",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    friendly_name = table.Column<string>(type: "text", nullable: false),
                    xml = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_protection_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "login_failures",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    waits_until = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_login_failures", x => x.hash);
                });

            migrationBuilder.CreateTable(
                name: "setup_codes",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_setup_codes", x => x.id);
                    table.CheckConstraint("ck_setup_codes_only", "id = 1");
                });

            migrationBuilder.CreateTable(
                name: "whatsapp_erasures",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    business_id = table.Column<long>(type: "bigint", nullable: false),
                    address = table.Column<string>(type: "text", nullable: true),
                    requested_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_whatsapp_erasures", x => new { x.business_id, x.id });
                });

            migrationBuilder.CreateTable(
                name: "account_sessions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ends_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_account_sessions", x => x.id);
                    table.ForeignKey(
                        name: "fk_account_sessions_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "known_networks",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_known_networks", x => x.hash);
                    table.ForeignKey(
                        name: "fk_known_networks_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

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
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "business_members",
                columns: table => new
                {
                    business_id = table.Column<long>(type: "bigint", nullable: false),
                    account_id = table.Column<long>(type: "bigint", nullable: false),
                    role = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_business_members", x => new { x.business_id, x.account_id });
                    table.CheckConstraint("ck_business_members_role", "role IN ('owner', 'member')");
                    table.ForeignKey(
                        name: "fk_business_members_accounts_account_id",
                        column: x => x.account_id,
                        principalTable: "accounts",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_business_members_businesses_business_id",
                        column: x => x.business_id,
                        principalTable: "businesses",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

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

            migrationBuilder.CreateTable(
                name: "refresh_tokens",
                columns: table => new
                {
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    session_id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    successor_salt = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_refresh_tokens", x => x.hash);
                    table.ForeignKey(
                        name: "fk_refresh_tokens_account_sessions_session_id",
                        column: x => x.session_id,
                        principalTable: "account_sessions",
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

            migrationBuilder.CreateTable(
                name: "whatsapp_messages",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    business_id = table.Column<long>(type: "bigint", nullable: false),
                    message_id = table.Column<long>(type: "bigint", nullable: false),
                    sender = table.Column<string>(type: "text", nullable: false),
                    received_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    attempts = table.Column<int>(type: "integer", nullable: false, defaultValueSql: "0"),
                    failures = table.Column<int>(type: "integer", nullable: false, defaultValueSql: "0"),
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

            migrationBuilder.CreateIndex(
                name: "ix_account_sessions_account_id",
                table: "account_sessions",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_accounts_normalized_email",
                table: "accounts",
                column: "normalized_email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_accounts_normalized_user_name",
                table: "accounts",
                column: "normalized_user_name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_audit_entries_business_id_id",
                table: "audit_entries",
                columns: new[] { "business_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_business_members_account_id",
                table: "business_members",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_businesses_last_activity_at",
                table: "businesses",
                column: "last_activity_at",
                descending: new bool[0],
                filter: "is_active");

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
                name: "ix_faq_entries_business_id_position",
                table: "faq_entries",
                columns: new[] { "business_id", "position" });

            migrationBuilder.CreateIndex(
                name: "ix_known_networks_account_id",
                table: "known_networks",
                column: "account_id");

            migrationBuilder.CreateIndex(
                name: "ix_known_networks_expires_at",
                table: "known_networks",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "ix_login_failures_expires_at",
                table: "login_failures",
                column: "expires_at");

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

            migrationBuilder.CreateIndex(
                name: "ix_refresh_tokens_session_id",
                table: "refresh_tokens",
                column: "session_id");

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

            migrationBuilder.AddRules();
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "audit_entries");

            migrationBuilder.DropTable(
                name: "business_members");

            migrationBuilder.DropTable(
                name: "data_protection_keys");

            migrationBuilder.DropTable(
                name: "faq_entries");

            migrationBuilder.DropTable(
                name: "known_networks");

            migrationBuilder.DropTable(
                name: "login_failures");

            migrationBuilder.DropTable(
                name: "owner_messages");

            migrationBuilder.DropTable(
                name: "refresh_tokens");

            migrationBuilder.DropTable(
                name: "setup_codes");

            migrationBuilder.DropTable(
                name: "speech_usage");

            migrationBuilder.DropTable(
                name: "whatsapp_erasures");

            migrationBuilder.DropTable(
                name: "whatsapp_messages");

            migrationBuilder.DropTable(
                name: "account_sessions");

            migrationBuilder.DropTable(
                name: "messages");

            migrationBuilder.DropTable(
                name: "accounts");

            migrationBuilder.DropTable(
                name: "conversations");

            migrationBuilder.DropTable(
                name: "contacts");

            migrationBuilder.DropTable(
                name: "businesses");
        }
    }
}
