using System.Globalization;
using Microsoft.EntityFrameworkCore.Migrations;
using ProSaas.Data.Isolation;

namespace ProSaas.Data.Schema;

/// <summary>What a migration of this project says besides its tables.</summary>
internal static class MigrationBuilderExtensions
{
    /// <summary>
    /// Marks the migration as one that releases before <paramref name="release"/> do not work with: their schema gates shut.
    /// The trigger on the history table moves the mark into the migration's row of <c>schema_applied</c>.
    /// </summary>
    /// <param name="release">The first release that works, "2.0.0".</param>
    /// <exception cref="FormatException"><paramref name="release"/> is not a version.</exception>
    public static void BreaksReleasesBefore(this MigrationBuilder migrationBuilder, string release)
    {
        // For the session, not the transaction: a migration without a transaction has its history row in one of its own.
        migrationBuilder.Sql($"SELECT set_config('prosaas.required_release', '{Version.Parse(release)}', false);");
    }

    /// <summary>
    /// Row-level security for a table of tenant data: the app's role sees one business, the system role all, nobody else any.
    /// </summary>
    /// <param name="table">Name of the table.</param>
    /// <param name="businessColumn">Its column with the business's key.</param>
    /// <param name="appRights">What the app's role may do with the rows it sees.</param>
    /// <param name="systemRights">What the system role may do with all rows.</param>
    public static void IsolateByBusiness(
        this MigrationBuilder migrationBuilder,
        string table,
        string businessColumn,
        string appRights,
        string systemRights = "SELECT, INSERT, UPDATE, DELETE")
    {
        const string Business = "NULLIF(current_setting('app.business_id', true), '')::bigint";
        migrationBuilder.Sql(string.Create(CultureInfo.InvariantCulture, $"""
            ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY;
            REVOKE ALL ON public.{table} FROM PUBLIC;
            CREATE POLICY {table}_of_business ON public.{table} TO {DatabaseRoles.App}
                USING ({businessColumn} = {Business}) WITH CHECK ({businessColumn} = {Business});
            CREATE POLICY {table}_of_system ON public.{table} TO {DatabaseRoles.System} USING (true) WITH CHECK (true);
            GRANT {appRights} ON public.{table} TO {DatabaseRoles.App};
            GRANT {systemRights} ON public.{table} TO {DatabaseRoles.System};
            """));
    }

    /// <summary>
    /// Closes a table without tenant data to everybody but the system role. It has no row-level security and so belongs on the
    /// tests' allow-list.
    /// </summary>
    /// <param name="table">Name of the table.</param>
    public static void KeepForSystem(this MigrationBuilder migrationBuilder, string table) => migrationBuilder.Sql($"""
        REVOKE ALL ON public.{table} FROM PUBLIC;
        GRANT SELECT, INSERT, UPDATE, DELETE ON public.{table} TO {DatabaseRoles.System};
        """);
}
