using Microsoft.EntityFrameworkCore.Migrations;
using ProSaas.Data.Isolation;
using ProSaas.Data.Schema;

namespace ProSaas.Data.Migrations;

/// <summary>What the first migration makes besides its tables, which are generated: rights, row-level security and triggers.</summary>
internal static class InitialRules
{
    private const string Read = "SELECT";
    private const string Append = "SELECT, INSERT";
    private const string Change = "SELECT, UPDATE";
    private const string Keep = "SELECT, INSERT, UPDATE";
    private const string All = "SELECT, INSERT, UPDATE, DELETE";

    /// <summary>Called last by the migration, when its tables are there.</summary>
    public static void AddRules(this MigrationBuilder migrationBuilder)
    {
        // A business is made and removed by the platform, never by itself.
        migrationBuilder.IsolateByBusiness("businesses", "id", Change);
        migrationBuilder.IsolateByBusiness("business_members", "business_id", Read);
        migrationBuilder.IsolateByBusiness("faq_entries", "business_id", All);
        // What belongs to a contact is deleted with it, by the foreign keys, and in no other way.
        migrationBuilder.IsolateByBusiness("contacts", "business_id", All);
        migrationBuilder.IsolateByBusiness("conversations", "business_id", Keep);
        migrationBuilder.IsolateByBusiness("messages", "business_id", Keep);
        migrationBuilder.IsolateByBusiness("owner_messages", "business_id", Append);
        migrationBuilder.IsolateByBusiness("whatsapp_messages", "business_id", Keep);
        migrationBuilder.IsolateByBusiness("speech_usage", "business_id", Keep);
        // Asked for with the erasure of a customer; sent and removed by the platform.
        migrationBuilder.IsolateByBusiness("whatsapp_erasures", "business_id", Append);
        // Nobody changes or deletes an entry. It loses the e-mail address of an account that is erased, and goes with its business.
        migrationBuilder.IsolateByBusiness(
            "audit_entries", "business_id", Append, systemRights: $"{Append}, UPDATE (account_email)");

        // Who may log in is the platform's to know: only a system unit of work reaches these tables.
        migrationBuilder.KeepForSystem("accounts");
        migrationBuilder.KeepForSystem("account_sessions");
        migrationBuilder.KeepForSystem("refresh_tokens");
        migrationBuilder.KeepForSystem("login_failures");
        migrationBuilder.KeepForSystem("known_networks");
        migrationBuilder.KeepForSystem("setup_codes");
        migrationBuilder.KeepForSystem("data_protection_keys");

        migrationBuilder.Sql(AgentVersions);
        migrationBuilder.Sql(SchemaApplied);
    }

    // The FAQ's trigger waits for the commit: it changes the business's row, and with it the token
    // that a later statement of the same transaction would compare.
    private const string AgentVersions = $"""
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
                PERFORM pg_notify('{SchemaContract.AgentChannel}', coalesce(NEW.id, OLD.id)::text);
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
        """;

    // Follows the history table, this migration's own row included, which comes after this in the same transaction.
    private const string SchemaApplied = $"""
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
            PERFORM pg_notify('{SchemaContract.NotificationChannel}', NEW.migration_id);
            RETURN NULL;
        END $$;
        REVOKE ALL ON FUNCTION public.schema_applied_notify() FROM PUBLIC;
        CREATE TRIGGER schema_applied_notify AFTER INSERT ON public.schema_applied
            FOR EACH ROW EXECUTE FUNCTION public.schema_applied_notify();
        """;
}
