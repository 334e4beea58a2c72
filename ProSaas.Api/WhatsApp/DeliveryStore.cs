using System.Text.Json;
using Npgsql;
using ProSaas.Api.Conversations;
using ProSaas.Data;
using ProSaas.Data.Conversations;

namespace ProSaas.Api.WhatsApp;

/// <summary>
/// What came by WhatsApp, in the database until its reply is delivered. The message waits in its conversation's queue; whoever has
/// the conversation's turn answers and delivers.
/// </summary>
internal sealed class DeliveryStore(IServiceScopeFactory scopes, ConversationTurns turns)
{
    /// <summary>WhatsApp's own limit for a reply to a customer.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    private const string Purpose = "whatsapp deliveries";

    private const string NoReply = "'הודעה של הלקוח בוואטסאפ לא קיבלה תשובה בגלל תקלה. ההודעה שמורה בשיחה הזאת.'";
    private const string NoReplyInEnglish =
        "'A message of this customer on WhatsApp got no reply, because of a fault. It is kept in this conversation.'";
    private const string TooMany = "'הלקוח כתב בוואטסאפ הרבה הודעות בבת אחת, וחלקן לא קיבלו תשובה. הן שמורות בשיחה הזאת.'";
    private const string TooManyInEnglish =
        "'This customer wrote very many messages on WhatsApp at once, and some got no reply. They are kept in this conversation.'";

    /// <summary>Tells the owner, in the business's language, what <c>unanswered</c> says, unless the conversation has been told so.</summary>
    private const string Told = """
        told AS (
            INSERT INTO owner_messages (business_id, conversation_id, text)
            SELECT $1, said.conversation_id, said.text FROM (
                SELECT u.conversation_id, CASE WHEN b.language LIKE 'he%' THEN u.hebrew ELSE u.english END AS text
                FROM unanswered u JOIN businesses b ON b.id = $1) said
            WHERE NOT EXISTS (
                SELECT FROM owner_messages o
                WHERE o.business_id = $1 AND o.conversation_id = said.conversation_id AND o.text = said.text)
        )
        """;

    /// <summary>
    /// $1 business, $2 the message's key, $3 sender, $4 what the conversation knows the sender by, $5 name or null. Nothing when it is
    /// there, or the message was not stored. One that found the queue full is not delivered: the owner is told, once a conversation.
    /// </summary>
    private const string Add = $"""
        WITH named AS (
            UPDATE contacts SET display_name = $5
            WHERE business_id = $1 AND channel = 'whatsapp' AND external_id = $4 AND display_name IS NULL AND $5 IS NOT NULL
        ), stored AS (
            SELECT m.business_id, m.id, m.conversation_id, m.waits_until FROM messages m WHERE m.business_id = $1 AND m.idempotency_key = $2
        ), unanswered AS (
            SELECT s.conversation_id, {TooMany} AS hebrew, {TooManyInEnglish} AS english FROM stored s
            WHERE s.waits_until IS NULL
                AND NOT EXISTS (SELECT FROM whatsapp_messages w WHERE w.business_id = $1 AND w.message_id = s.id)
        ), {Told}
        INSERT INTO whatsapp_messages (business_id, message_id, sender)
        SELECT business_id, id, $3 FROM stored WHERE waits_until IS NOT NULL
        ON CONFLICT (business_id, message_id) DO NOTHING
        """;

    /// <summary>What is due, the first of each sender whose conversation nobody is answering. $1 business, $2 how many at most.</summary>
    private const string SelectDue = """
        SELECT json_build_object(
            'businessId', w.business_id, 'id', w.id, 'sender', w.sender, 'attempts', w.attempts, 'failures', w.failures,
            'receivedAt', w.received_at,
            'customer', o.external_id, 'text', m.text, 'key', m.idempotency_key)::text
        FROM whatsapp_messages w
        JOIN messages m ON m.business_id = $1 AND m.id = w.message_id
        JOIN conversations c ON c.business_id = $1 AND c.id = m.conversation_id
        JOIN contacts o ON o.business_id = $1 AND o.id = c.contact_id
        WHERE w.business_id = $1 AND w.settled_at IS NULL AND w.next_attempt_at <= now()
            AND (c.lease_expires_at IS NULL OR c.lease_expires_at < now())
            AND NOT EXISTS (
                SELECT FROM whatsapp_messages e WHERE e.business_id = $1 AND e.sender = w.sender AND e.settled_at IS NULL AND e.id < w.id)
        ORDER BY w.id LIMIT $2
        """;

    /// <summary>The businesses that have something due. System.</summary>
    private const string SelectDueBusinesses = """
        SELECT DISTINCT w.business_id FROM whatsapp_messages w
        JOIN messages m ON m.business_id = w.business_id AND m.id = w.message_id
        JOIN conversations c ON c.business_id = w.business_id AND c.id = m.conversation_id
        WHERE w.settled_at IS NULL AND w.next_attempt_at <= now() AND (c.lease_expires_at IS NULL OR c.lease_expires_at < now())
        """;

    /// <summary>
    /// Nothing is left to do, also for those who wait behind the message; of a reply that the customer does not get the owner is told,
    /// once a conversation. $1 business, $2 id, $3 outcome.
    /// </summary>
    private const string Settle = $"""
        WITH settled AS (
            UPDATE whatsapp_messages SET settled_at = now(), outcome = $3 WHERE business_id = $1 AND id = $2 AND settled_at IS NULL
            RETURNING message_id
        ), unanswered AS (
            SELECT m.conversation_id, {NoReply} AS hebrew, {NoReplyInEnglish} AS english FROM settled
            JOIN messages m ON m.business_id = $1 AND m.id = settled.message_id
            WHERE $3 = 'undeliverable'
        ), {Told}
        UPDATE messages m SET waits_until = NULL FROM settled WHERE m.business_id = $1 AND m.id = settled.message_id AND m.waits_until IS NOT NULL
        """;

    /// <summary>$1 business, $2 id, $3 pause until the next attempt, $4 whether it failed for itself.</summary>
    private const string PutBack = """
        UPDATE whatsapp_messages SET next_attempt_at = now() + $3, attempts = attempts + 1, failures = failures + $4::boolean::int
        WHERE business_id = $1 AND id = $2 AND settled_at IS NULL
        """;

    /// <summary>Ends the pauses of what waits for a connection. $1 business.</summary>
    private const string MakeDue =
        "UPDATE whatsapp_messages SET next_attempt_at = now() WHERE business_id = $1 AND settled_at IS NULL AND next_attempt_at > now()";

    public Task<StoreOutcome> AddAsync(InboundMessage message, CancellationToken cancellationToken) => turns.StoreAsync(
        new CustomerMessage(message.Business, AgentChannel.WhatsApp, message.Customer, ConversationId: null, message.Content, message.Key),
        GiveUpAfter,
        BatchStatement.Of(Add, message.Business, message.Key, message.From, message.Customer, message.DisplayName),
        cancellationToken);

    /// <summary>What is due of a business.</summary>
    public Task<IReadOnlyList<Delivery>> FindDueAsync(long business, int most, CancellationToken cancellationToken) => ForBusinessAsync(
        business,
        BatchStatement.Of(SelectDue, business, most),
        (rows, token) => ReadAsync(rows, row => JsonSerializer.Deserialize<Delivery>(row.GetString(0), JsonSerializerOptions.Web)!, token),
        cancellationToken);

    /// <summary>The businesses that have something due.</summary>
    public async Task<IReadOnlyList<long>> FindDueBusinessesAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<UnitOfWork>().BatchAsSystemAsync(
            Purpose,
            batch => batch.BatchCommands.Add(BatchStatement.Of(SelectDueBusinesses)),
            (rows, token) => ReadAsync(rows, row => row.GetInt64(0), token),
            cancellationToken);
    }

    /// <summary>Nothing is left to do for the message.</summary>
    /// <param name="turn">Ended with it; null when it was not taken.</param>
    public Task SettleAsync(Delivery delivery, Turn? turn, string outcome, CancellationToken cancellationToken) =>
        EndAsync(turn, BatchStatement.Of(Settle, delivery.BusinessId, delivery.Id, outcome), delivery.BusinessId, cancellationToken);

    /// <summary>The message is due again after a pause.</summary>
    /// <param name="failed">Whether it failed for itself, and not for the database or the network.</param>
    /// <inheritdoc cref="SettleAsync"/>
    public Task PutBackAsync(Delivery delivery, Turn? turn, TimeSpan pause, bool failed, CancellationToken cancellationToken) =>
        EndAsync(turn, BatchStatement.Of(PutBack, delivery.BusinessId, delivery.Id, pause, failed), delivery.BusinessId, cancellationToken);

    /// <summary>The business is connected: nothing waits for a pause that began before.</summary>
    public Task MakeDueAsync(long business, CancellationToken cancellationToken) =>
        EndAsync(turn: null, BatchStatement.Of(MakeDue, business), business, cancellationToken);

    private Task EndAsync(Turn? turn, NpgsqlBatchCommand statement, long business, CancellationToken cancellationToken) => turn is null
        ? ForBusinessAsync(business, statement, (_, _) => Task.FromResult(true), cancellationToken)
        : turns.ReleaseAsync(turn, statement, cancellationToken);

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(
        NpgsqlDataReader rows, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        List<T> all = [];
        while (await rows.ReadAsync(cancellationToken))
        {
            all.Add(read(rows));
        }

        return all;
    }

    private Task<T> ForBusinessAsync<T>(
        long business,
        NpgsqlBatchCommand statement,
        Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken) =>
        scopes.BatchForBusinessAsync(business, batch => batch.BatchCommands.Add(statement), read, cancellationToken);
}
