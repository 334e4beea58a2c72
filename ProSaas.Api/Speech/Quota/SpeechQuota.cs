using Microsoft.Extensions.Options;
using Npgsql;
using ProSaas.Data;

namespace ProSaas.Api.Speech.Quota;

/// <summary>
/// Counts in the database what a business has had spoken today, so that the limit holds over all replicas. A day is one of the business's
/// time zone, by the database's clock.
/// </summary>
internal sealed class SpeechQuota(IServiceScopeFactory scopes, IOptions<SpeechOptions> options, ILogger<SpeechQuota> logger)
{
    /// <summary>A zone that is changed backwards begins no new day. $1 business, $2 characters, $3 limit.</summary>
    private const string Reserve = """
        WITH today AS (
            SELECT id, (now() AT TIME ZONE time_zone)::date AS day, time_zone FROM businesses WHERE id = $1
        ), counted AS (
            INSERT INTO speech_usage AS u (business_id, day, characters)
            SELECT id, day, $2 FROM today WHERE $2 <= $3
            ON CONFLICT (business_id) DO UPDATE SET
                day = GREATEST(u.day, EXCLUDED.day),
                characters = EXCLUDED.characters + CASE WHEN u.day >= EXCLUDED.day THEN u.characters ELSE 0 END
            WHERE EXCLUDED.characters + CASE WHEN u.day >= EXCLUDED.day THEN u.characters ELSE 0 END <= $3
            RETURNING day
        )
        SELECT (SELECT day FROM counted) AS day,
            ceil(extract(epoch FROM (day + 1)::timestamp AT TIME ZONE time_zone - now()))::int AS seconds_left
        FROM today
        """;

    private const string Restore =
        "UPDATE speech_usage SET characters = GREATEST(characters - $2, 0) WHERE business_id = $1 AND day = $3";

    /// <summary>Counts the characters before they are spoken; twice when the database was lost after it counted them.</summary>
    /// <returns>The day they count for.</returns>
    /// <exception cref="SpeechQuotaSpentException">They are more than the day has left; none is counted.</exception>
    public async Task<DateOnly> ReserveAsync(long businessId, int characters, CancellationToken cancellationToken)
    {
        var limit = options.Value.DailyCharacters;
        var (day, secondsLeft) = await BatchAsync(
            businessId,
            BatchStatement.Of(Reserve, businessId, (long)characters, (long)limit),
            async (rows, token) =>
            {
                await rows.ReadAsync(token);
                var counted = await rows.IsDBNullAsync(0, token) ? (DateOnly?)null : await rows.GetFieldValueAsync<DateOnly>(0, token);
                return (counted, rows.GetInt32(1));
            },
            cancellationToken);
        return day ?? throw new SpeechQuotaSpentException(businessId, limit, TimeSpan.FromSeconds(secondsLeft));
    }

    /// <summary>Takes back what was counted and not spoken. If that fails, the business loses a part of its day.</summary>
    public async Task GiveBackAsync(long businessId, DateOnly day, int characters, CancellationToken cancellationToken)
    {
        try
        {
            var restore = BatchStatement.Of(Restore, businessId, (long)characters, day);
            await BatchAsync(businessId, restore, (_, _) => Task.FromResult(true), cancellationToken);
        }
        catch (Exception failure)
        {
            Log.NotGivenBack(logger, businessId, failure);
        }
    }

    private Task<T> BatchAsync<T>(
        long businessId,
        NpgsqlBatchCommand command,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken) =>
        scopes.BatchForBusinessAsync(businessId, batch => batch.BatchCommands.Add(command), read, cancellationToken);
}
