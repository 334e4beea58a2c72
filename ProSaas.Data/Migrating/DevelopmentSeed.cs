using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using ProSaas.Data.Schema;

namespace ProSaas.Data.Migrating;

/// <summary>
/// The businesses a developer starts with, written once: their marker and they are in one transaction, and what a user
/// changed or removed afterwards stays as it is.
/// </summary>
internal sealed class DevelopmentSeed(BusyRetry retry, ILogger logger)
{
    private const string Resource = "ProSaas.Data.Seeding.development.json";

    public async Task WriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var span = MigratorTelemetry.Source.StartActivity(MigratorTelemetry.Seed);
        try
        {
            await retry.RunAsync(token => WriteOnceAsync(connection, token), () => span, cancellationToken);
        }
        catch (Exception failure)
        {
            MigratorTelemetry.Fail(span, failure);
            throw;
        }
    }

    private async Task WriteOnceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var mark = new NpgsqlCommand(
            "INSERT INTO public.schema_applied (migration_id) VALUES ($1) ON CONFLICT DO NOTHING", connection))
        {
            mark.Parameters.Add(new() { Value = SchemaContract.SeedMarker });
            if (await mark.ExecuteNonQueryAsync(cancellationToken) == 0)
            {
                return;
            }
        }

        await using var seed = new NpgsqlCommand(
            """
            WITH seed AS (
                SELECT * FROM jsonb_to_recordset($1) AS s(
                    id bigint, name text, business_type text, phone_e164 text, whatsapp_number text, greeting text, system_prompt text,
                    whatsapp_system_prompt text, language text, voice_name text, speaking_rate float8, time_zone text, opening_hours jsonb,
                    is_active boolean, active_minutes_ago int, faq jsonb)
            ), added AS (
                INSERT INTO public.businesses (
                    id, name, business_type, phone_e164, whatsapp_number, greeting, system_prompt, whatsapp_system_prompt, language,
                    voice_name, speaking_rate, time_zone, opening_hours, is_active, calls_enabled, whatsapp_enabled, last_activity_at)
                SELECT id, name, business_type, phone_e164, whatsapp_number, greeting, system_prompt, whatsapp_system_prompt, language,
                    voice_name, speaking_rate, time_zone, opening_hours, is_active, is_active, is_active,
                    now() - make_interval(mins => active_minutes_ago)
                FROM seed
                ON CONFLICT (id) DO NOTHING
                RETURNING id
            ), answers AS (
                INSERT INTO public.faq_entries (business_id, question, answer, position)
                SELECT seed.id, entry.value ->> 'question', entry.value ->> 'answer', entry.ordinality
                FROM added JOIN seed USING (id), jsonb_array_elements(seed.faq) WITH ORDINALITY AS entry
            )
            SELECT count(*) FROM added
            """,
            connection);
        seed.Parameters.Add(new() { Value = await ReadResourceAsync(cancellationToken), NpgsqlDbType = NpgsqlDbType.Jsonb });
        var count = (long)(await seed.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        Log.Seeded(logger, count);
    }

    private static async Task<string> ReadResourceAsync(CancellationToken cancellationToken)
    {
        await using var stream = typeof(DevelopmentSeed).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The resource {Resource} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
