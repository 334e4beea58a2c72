using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Data;

namespace ProSaas.Api.Speech;

/// <summary>
/// Counts in the database what a business has spoken today, so that the limit holds over all replicas. A day is one of the business's
/// time zone, by the database's clock.
/// </summary>
internal sealed class SpeechQuota(IServiceScopeFactory scopes, IOptions<SpeechOptions> options, ILogger<SpeechQuota> logger)
{
    /// <summary>Counts the characters before they are spoken.</summary>
    /// <returns>The day they count for.</returns>
    /// <exception cref="SpeechQuotaSpentException">They are more than the day has left; none is counted.</exception>
    public async Task<DateOnly> ReserveAsync(long businessId, int characters, CancellationToken ct)
    {
        var limit = (long)options.Value.DailyCharacters;

        // A zone that is changed backwards begins no new day.
        var outcome = await ForBusinessAsync(businessId, (context, token) => context.Database.SqlQuery<Outcome>($"""
            WITH today AS (
                SELECT id, (now() AT TIME ZONE time_zone)::date AS day, time_zone FROM businesses WHERE id = {businessId}
            ), counted AS (
                INSERT INTO speech_usage AS u (business_id, day, characters)
                SELECT id, day, {characters} FROM today WHERE {characters} <= {limit}
                ON CONFLICT (business_id) DO UPDATE SET
                    day = GREATEST(u.day, EXCLUDED.day),
                    characters = EXCLUDED.characters + CASE WHEN u.day >= EXCLUDED.day THEN u.characters ELSE 0 END
                WHERE EXCLUDED.characters + CASE WHEN u.day >= EXCLUDED.day THEN u.characters ELSE 0 END <= {limit}
                RETURNING day
            )
            SELECT (SELECT day FROM counted) AS day,
                ceil(extract(epoch FROM (day + 1)::timestamp AT TIME ZONE time_zone - now()))::int AS seconds_left
            FROM today
            """).ToListAsync(token), ct);
        return outcome[0].Day ?? throw new SpeechQuotaSpentException(businessId, TimeSpan.FromSeconds(Math.Max(outcome[0].SecondsLeft, 1)));
    }

    /// <summary>Takes back what was counted and not spoken. Failing costs the business a part of its day, and nobody else anything.</summary>
    public async Task GiveBackAsync(long businessId, DateOnly day, int characters, CancellationToken ct)
    {
        try
        {
            await ForBusinessAsync(businessId, (context, token) => context.Database.ExecuteSqlAsync(
                $"UPDATE speech_usage SET characters = GREATEST(characters - {characters}, 0) WHERE business_id = {businessId} AND day = {day}", token), ct);
        }
        catch (Exception failure)
        {
            Log.NotGivenBack(logger, businessId, failure);
        }
    }

    private async Task<T> ForBusinessAsync<T>(long businessId, Func<ProSaasDbContext, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UnitOfWork>().ForBusinessAsync(businessId, work, ct);
    }

    private sealed record Outcome(DateOnly? Day, int SecondsLeft);
}
