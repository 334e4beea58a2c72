using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProSaas.Data.Migrations;

public sealed partial class AgentVersions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        // The FAQ's trigger waits for the commit: it changes the business's row, and with it the token
        // that a later statement of the same transaction would compare.
        migrationBuilder.Sql($"""
            CREATE FUNCTION public.businesses_agent_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
            DECLARE
                unseen_by_agents constant text[] := ARRAY['last_activity_at', 'agent_version'];
            BEGIN
                IF TG_OP = 'INSERT' THEN
                    NEW.agent_version := 1;
                ELSIF NEW.agent_version <> OLD.agent_version
                    OR to_jsonb(NEW) - unseen_by_agents IS DISTINCT FROM to_jsonb(OLD) - unseen_by_agents THEN
                    NEW.agent_version := OLD.agent_version + 1;
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER businesses_agent_version BEFORE INSERT OR UPDATE ON public.businesses
                FOR EACH ROW EXECUTE FUNCTION public.businesses_agent_version();

            CREATE FUNCTION public.businesses_notify_agents() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
            BEGIN
                IF TG_OP <> 'UPDATE' OR NEW.agent_version <> OLD.agent_version THEN
                    PERFORM pg_notify('{Schema.SchemaContract.AgentChannel}', coalesce(NEW.id, OLD.id)::text);
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER businesses_notify_agents AFTER INSERT OR UPDATE OR DELETE ON public.businesses
                FOR EACH ROW EXECUTE FUNCTION public.businesses_notify_agents();

            CREATE FUNCTION public.faq_entries_agent_version() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
            BEGIN
                IF TG_OP <> 'UPDATE' OR NEW IS DISTINCT FROM OLD THEN
                    UPDATE public.businesses SET agent_version = agent_version + 1 WHERE id IN (OLD.business_id, NEW.business_id);
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER faq_entries_agent_version AFTER INSERT OR UPDATE OR DELETE ON public.faq_entries
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.faq_entries_agent_version();

            REVOKE ALL ON FUNCTION public.businesses_agent_version(), public.businesses_notify_agents(), public.faq_entries_agent_version() FROM PUBLIC;
            """);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("""
            DROP TRIGGER faq_entries_agent_version ON public.faq_entries;
            DROP FUNCTION public.faq_entries_agent_version();
            DROP TRIGGER businesses_notify_agents ON public.businesses;
            DROP FUNCTION public.businesses_notify_agents();
            DROP TRIGGER businesses_agent_version ON public.businesses;
            DROP FUNCTION public.businesses_agent_version();
            """);
    }
}
