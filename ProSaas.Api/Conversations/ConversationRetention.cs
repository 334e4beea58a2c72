using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ProSaas.Api.Startup;
using ProSaas.Data;

namespace ProSaas.Api.Conversations;

/// <summary>
/// Removes conversations <see cref="ConversationOptions.RetentionDays"/> after their last message, and customers who have no other,
/// once a day. Replicas that do it at once share the work.
/// </summary>
internal sealed class ConversationRetention(
    IServiceScopeFactory scopes,
    SchemaGateState gate,
    IOptions<ConversationOptions> options,
    TimeProvider time,
    ILogger<ConversationRetention> logger) : PeriodicWork(TimeSpan.FromDays(1), gate, time)
{
    /// <summary>Customers whose conversations are removed in one transaction.</summary>
    public const int BatchSize = 200;

    private const string Purpose = "conversation retention";

    /// <summary>Of each statement: nobody waits for it.</summary>
    private static readonly TimeSpan StatementTimeout = TimeSpan.FromMinutes(2);

    private TimeSpan Age => TimeSpan.FromDays(options.Value.RetentionDays);

    /// <summary>Removes what is old enough now, and returns how many conversations that were.</summary>
    public async Task<int> RemoveAsync(CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var business in await AsSystemAsync(
            (context, token) => context.Database.SqlQuery<long>(
                $"SELECT DISTINCT business_id FROM conversations WHERE last_message_at < now() - {Age}").ToListAsync(token),
            cancellationToken))
        {
            for (var contacts = BatchSize; contacts == BatchSize;)
            {
                (contacts, var conversations) = await AsSystemAsync(
                    (context, token) => RemoveBatchAsync(context, business, token), cancellationToken);
                removed += conversations;
            }
        }

        return removed;
    }

    protected override async Task WorkAsync(CancellationToken cancellationToken) =>
        Log.Removed(logger, await RemoveAsync(cancellationToken), options.Value.RetentionDays);

    protected override void LogFailure(Exception exception) => Log.RetentionFailed(logger, exception);

    /// <summary>
    /// Contacts are locked before their conversations, as a customer's message does it;
    /// who is writing just now has another day.
    /// </summary>
    private async Task<(int Contacts, int Conversations)> RemoveBatchAsync(
        ProSaasDbContext context, long business, CancellationToken cancellationToken)
    {
        var contacts = await context.Database.SqlQuery<long>($"""
            SELECT o.id FROM contacts o
            WHERE o.business_id = {business} AND o.id IN (
                SELECT c.contact_id FROM conversations c WHERE c.business_id = {business} AND c.last_message_at < now() - {Age})
            ORDER BY o.id LIMIT {BatchSize} FOR UPDATE SKIP LOCKED
            """).ToListAsync(cancellationToken);
        await EraseAtWhatsAppAsync(context, business, contacts, cancellationToken);
        var conversations = await context.Database.ExecuteSqlAsync(
            $"DELETE FROM conversations WHERE business_id = {business} AND contact_id = ANY({contacts}) AND last_message_at < now() - {Age}",
            cancellationToken);
        await context.Database.ExecuteSqlAsync(
            $"""
            DELETE FROM contacts o
            WHERE o.business_id = {business} AND o.id = ANY({contacts})
                AND NOT EXISTS (SELECT FROM conversations c WHERE c.business_id = {business} AND c.contact_id = o.id)
            """, cancellationToken);
        return (contacts.Count, conversations);
    }

    /// <summary>Of those who go with their last conversation and have written by WhatsApp.</summary>
    private async Task EraseAtWhatsAppAsync(
        ProSaasDbContext context, long business, List<long> contacts, CancellationToken cancellationToken)
    {
        var going = await context.Database.SqlQuery<long>($"""
            SELECT o.id FROM contacts o
            WHERE o.business_id = {business} AND o.id = ANY({contacts}) AND o.channel = 'whatsapp' AND NOT EXISTS (
                SELECT FROM conversations c
                WHERE c.business_id = {business} AND c.contact_id = o.id AND c.last_message_at >= now() - {Age})
            """).ToListAsync(cancellationToken);
        await CustomerTexts.EraseAtWhatsAppAsync(context, business, going, cancellationToken);
    }

    private Task<T> AsSystemAsync<T>(Func<ProSaasDbContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        scopes.AsSystemAsync(
            Purpose,
            (context, token) =>
            {
                context.Database.SetCommandTimeout(StatementTimeout);
                return work(context, token);
            },
            cancellationToken);
}
