using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using ProSaas.Api.Agents.Faq;
using ProSaas.Data;
using ProSaas.Data.Businesses;

namespace ProSaas.Api.Agents;

/// <summary>
/// Reads what agents answer from, inside a unit of work. One statement, read row by row and not through the context, which
/// would keep all rows in memory to be able to try again.
/// </summary>
internal static class BusinessReader
{
    private const string IsWarmed = "b.is_active AND (b.calls_enabled OR b.whatsapp_enabled) AND ($1::bigint[] IS NULL OR b.id = ANY($1))";

    private const string Select = """
        SELECT b.id, b.agent_version, b.name, b.business_type, b.language, b.time_zone, b.opening_hours::text, b.greeting, b.system_prompt, b.whatsapp_system_prompt,
          b.calls_enabled, b.whatsapp_enabled, b.phone_e164, b.whatsapp_number, faq.ids, faq.questions, faq.answers
        FROM businesses b CROSS JOIN LATERAL (
          SELECT array_agg(f.id ORDER BY f.position, f.id) AS ids, array_agg(f.question ORDER BY f.position, f.id) AS questions,
            array_agg(f.answer ORDER BY f.position, f.id) AS answers
          FROM faq_entries f WHERE f.business_id = b.id) faq
        """;

    /// <summary>How many businesses have agents.</summary>
    /// <param name="context">The unit of work's.</param>
    /// <param name="only">The keys to look for; null means all.</param>
    public static async Task<int> CountAsync(ProSaasDbContext context, long[]? only, CancellationToken cancellationToken)
    {
        await using var command = Command(context, $"SELECT count(*)::int FROM businesses b WHERE {IsWarmed}", only);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The businesses that have agents, most recently active first.</summary>
    /// <param name="max">The most to read; null means all.</param>
    /// <inheritdoc cref="CountAsync"/>
    public static async IAsyncEnumerable<BusinessProfile> ReadAsync(
        ProSaasDbContext context, long[]? only, int? max, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = Command(
            context, $"{Select} WHERE {IsWarmed} ORDER BY b.last_activity_at DESC NULLS LAST, b.id LIMIT $2", only);
        command.Parameters.Add(new NpgsqlParameter<int?> { TypedValue = max });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            yield return Read(rows);
        }
    }

    /// <summary>The business of this key, whatever its state; null when the unit of work cannot see it.</summary>
    public static async Task<BusinessProfile?> FindAsync(ProSaasDbContext context, long business, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"{Select} WHERE b.id = $1", (NpgsqlConnection)context.Database.GetDbConnection());
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = business });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? Read(rows) : null;
    }

    private static NpgsqlCommand Command(ProSaasDbContext context, string sql, long[]? only)
    {
        var command = new NpgsqlCommand(sql, (NpgsqlConnection)context.Database.GetDbConnection());
        command.Parameters.Add(new NpgsqlParameter<long[]?> { TypedValue = only });
        return command;
    }

    private static BusinessProfile Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Version = row.GetInt64(1),
        Name = row.GetString(2),
        BusinessType = row.GetString(3),
        Language = row.GetString(4),
        TimeZone = row.GetString(5),
        OpeningHours = OpeningHoursConverter.FromJson(row.GetString(6)),
        Greeting = ReadText(row, 7),
        SystemPrompt = ReadText(row, 8),
        WhatsappSystemPrompt = ReadText(row, 9),
        CallsEnabled = row.GetBoolean(10),
        WhatsappEnabled = row.GetBoolean(11),
        Phone = row.IsDBNull(12) ? null : row.GetString(12),
        WhatsappNumber = row.IsDBNull(13) ? null : row.GetString(13),
        FaqEntries = row.IsDBNull(14) ? [] : ReadFaq(row),
    };

    private static FaqEntryText[] ReadFaq(NpgsqlDataReader row)
    {
        var (ids, questions, answers) = (row.GetFieldValue<long[]>(14), row.GetFieldValue<string[]>(15), row.GetFieldValue<string[]>(16));
        return [.. ids.Select((id, i) => new FaqEntryText(id, questions[i], answers[i]))];
    }

    private static Utf8Text ReadText(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? default : new Utf8Text(row.GetFieldValue<byte[]>(column));
}
