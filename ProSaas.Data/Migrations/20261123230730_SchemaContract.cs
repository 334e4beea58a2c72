using Microsoft.EntityFrameworkCore.Migrations;
using ProSaas.Data.Isolation;

#nullable disable

namespace ProSaas.Data.Migrations;

public sealed partial class SchemaContract : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql($"""
            CREATE TABLE public.schema_applied (
                migration_id text PRIMARY KEY,
                applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                required_release text NULL
            );
            REVOKE ALL ON public.schema_applied FROM PUBLIC;
            GRANT SELECT ON public.schema_applied TO {DatabaseRoles.App};

            CREATE FUNCTION public.schema_applied_follow_history() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
            BEGIN
                IF TG_OP = 'DELETE' THEN
                    DELETE FROM public.schema_applied WHERE migration_id = OLD.migration_id;
                    RETURN OLD;
                END IF;
                INSERT INTO public.schema_applied (migration_id, required_release)
                VALUES (NEW.migration_id, NULLIF(current_setting('prosaas.required_release', true), ''))
                ON CONFLICT (migration_id) DO UPDATE SET required_release = EXCLUDED.required_release;
                PERFORM set_config('prosaas.required_release', '', false);
                RETURN NEW;
            END $$;
            REVOKE ALL ON FUNCTION public.schema_applied_follow_history() FROM PUBLIC;
            CREATE TRIGGER schema_applied_follow_history AFTER INSERT OR DELETE ON public."__EFMigrationsHistory"
                FOR EACH ROW EXECUTE FUNCTION public.schema_applied_follow_history();

            CREATE FUNCTION public.schema_applied_notify() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
            BEGIN
                PERFORM pg_notify('{Schema.SchemaContract.NotificationChannel}', NEW.migration_id);
                RETURN NULL;
            END $$;
            REVOKE ALL ON FUNCTION public.schema_applied_notify() FROM PUBLIC;
            CREATE TRIGGER schema_applied_notify AFTER INSERT ON public.schema_applied
                FOR EACH ROW EXECUTE FUNCTION public.schema_applied_notify();
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            DROP TRIGGER schema_applied_follow_history ON public."__EFMigrationsHistory";
            DROP FUNCTION public.schema_applied_follow_history();
            DROP TABLE public.schema_applied;
            DROP FUNCTION public.schema_applied_notify();
            """);
    }
}
