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

    /// <summary>
    /// $1 business, $2 the message's key, $3 sender, $4 what the conversation knows the sender by, $5 name or null. Nothing when it is
    /// there, or the message was not stored.
    /// </summary>
    private const string Add = """
        WITH named AS (
            UPDATE contacts SET display_name = $5
            WHERE business_id = $1 AND channel = 'whatsapp' AND external_id = $4 AND display_name IS NULL AND $5 IS NOT NULL
        )
        INSERT INTO whatsapp_messages (business_id, message_id, sender)
        SELECT business_id, id, $3 FROM messages WHERE business_id = $1 AND idempotency_key = $2
        ON CONFLICT (business_id, message_id) DO NOTHING
        """;

    /// <summary>What is due, the first of each sender whose conversation nobody is answering. $1 business, $2 how many at most.</summary>
    private const string SelectDue = """
        SELECT json_build_object(
            'businessId', w.business_id, 'id', w.id, 'sender', w.sender, 'attempts', w.attempts, 'receivedAt', w.received_at,
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

    /// <summary>Nothing is left to do, also for those who wait behind the message. $1 business, $2 id, $3 outcome.</summary>
    private const string Settle = """
        WITH settled AS (
            UPDATE whatsapp_messages SET settled_at = now(), outcome = $3 WHERE business_id = $1 AND id = $2 AND settled_at IS NULL
            RETURNING message_id
        )
        UPDATE messages m SET waits_until = NULL FROM settled WHERE m.business_id = $1 AND m.id = settled.message_id AND m.waits_until IS NOT NULL
        """;

    /// <summary>$1 business, $2 id, $3 pause until the next attempt.</summary>
    private const string PutBack = """
        UPDATE whatsapp_messages SET next_attempt_at = now() + $3, attempts = attempts + 1
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
    /// <inheritdoc cref="SettleAsync"/>
    public Task PutBackAsync(Delivery delivery, Turn? turn, TimeSpan pause, CancellationToken cancellationToken) =>
        EndAsync(turn, BatchStatement.Of(PutBack, delivery.BusinessId, delivery.Id, pause), delivery.BusinessId, cancellationToken);

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
