using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using ProSaas.Data.Schema;

#nullable disable

namespace ProSaas.Data.Migrations;

public sealed partial class Accounts : Migration
{
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
                address_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                attempts = table.Column<int>(type: "integer", nullable: false),
                expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("pk_login_failures", x => x.address_hash);
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
            name: "refresh_tokens",
            columns: table => new
            {
                hash = table.Column<byte[]>(type: "bytea", nullable: false),
                session_id = table.Column<Guid>(type: "uuid", nullable: false),
                created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                used_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
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
            name: "ix_business_members_account_id",
            table: "business_members",
            column: "account_id");

        migrationBuilder.CreateIndex(
            name: "ix_login_failures_expires_at",
            table: "login_failures",
            column: "expires_at");

        migrationBuilder.CreateIndex(
            name: "ix_refresh_tokens_session_id",
            table: "refresh_tokens",
            column: "session_id");

        // Who may log in is the platform's to know: the app's role has no way to these tables but a named unit of work.
        foreach (var table in new[] { "accounts", "account_sessions", "refresh_tokens", "login_failures", "setup_codes", "data_protection_keys" })
        {
            migrationBuilder.KeepForSystem(table);
        }

        migrationBuilder.IsolateByBusiness("business_members", "business_id", "SELECT");
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(
            name: "business_members");

        migrationBuilder.DropTable(
            name: "data_protection_keys");

        migrationBuilder.DropTable(
            name: "login_failures");

        migrationBuilder.DropTable(
            name: "refresh_tokens");

        migrationBuilder.DropTable(
            name: "setup_codes");

        migrationBuilder.DropTable(
            name: "account_sessions");

        migrationBuilder.DropTable(
            name: "accounts");
    }
}
