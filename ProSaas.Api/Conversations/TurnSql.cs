namespace ProSaas.Api.Conversations;

/// <summary>
/// The statements of a turn. A conversation's row is locked by a statement of its own before the next one decides: that one then
/// sees what the lock's last holder wrote.
/// </summary>
internal static class TurnSql
{
    /// <summary>$1 business, $2 channel, $3 customer, $4 conversation or null.</summary>
    public const string AddContact = $"""
        INSERT INTO contacts (business_id, channel, external_id)
        SELECT b.id, $2, $3 FROM businesses b
        WHERE b.id = $1 AND b.is_active AND {ChannelIsOn} AND $4::bigint IS NULL
            AND NOT EXISTS (SELECT FROM contacts c WHERE c.business_id = $1 AND c.external_id = $3 AND c.channel = $2)
        ON CONFLICT DO NOTHING
        """;

    /// <summary>
    /// One message of a contact is stored at a time, so that keys grow in the order of commits and no two conversations begin.
    /// $1 business, $2 channel, $3 customer.
    /// </summary>
    public const string LockContact = "SELECT FROM contacts WHERE business_id = $1 AND channel = $2 AND external_id = $3 FOR NO KEY UPDATE";

    /// <summary>
    /// $1 business, $2 channel, $3 customer, $4 conversation or null, $5 key, $6 text, $7 how long a conversation stays open, $8 how long
    /// the message keeps its place in the queue, or null when a request waits for it, $9 how many wait at most. One row: whether the
    /// message is new, and whether as many wait already; then one without a request is stored without a place.
    /// </summary>
    public const string Store = $"""
        WITH contact AS (
            SELECT id FROM contacts WHERE business_id = $1 AND channel = $2 AND external_id = $3
        ), business AS (
            SELECT b.id FROM businesses b
            WHERE b.id = $1 AND b.is_active AND {ChannelIsOn}
                AND NOT EXISTS (SELECT FROM messages WHERE business_id = $1 AND idempotency_key = $5)
        ), current AS (
            SELECT c.id FROM conversations c JOIN contact ON c.contact_id = contact.id
            WHERE c.business_id = $1 AND CASE WHEN $4::bigint IS NULL THEN c.last_message_at > now() - $7 ELSE c.id = $4 END
            ORDER BY c.id DESC LIMIT 1
        ), queue AS (
            SELECT count(*) >= $9 AS is_full FROM (
                SELECT FROM messages w, business, current
                WHERE w.business_id = $1 AND w.conversation_id = current.id AND w.waits_until > now() LIMIT $9) waiting
        ), started AS (
            INSERT INTO conversations (business_id, contact_id, channel)
            SELECT business.id, contact.id, $2 FROM business, contact WHERE $4::bigint IS NULL AND NOT EXISTS (SELECT FROM current)
            RETURNING id
        ), stored AS (
            INSERT INTO messages (business_id, conversation_id, role, text, idempotency_key, waits_until)
            SELECT business.id, target.id, 'customer', $6, $5, CASE WHEN NOT queue.is_full THEN now() + $8::interval END
            FROM business, queue, (SELECT id FROM current UNION ALL SELECT id FROM started) target
            WHERE $8::interval IS NOT NULL OR NOT queue.is_full
            RETURNING id
        )
        SELECT EXISTS (SELECT FROM stored), is_full FROM queue
        """;

    /// <summary>
    /// What became of a message that was to be stored. $1 business, $2 channel, $3 key.
    /// No row when there is no such business.
    /// </summary>
    public const string Stored = $"""
        SELECT b.is_active AND {ChannelIsOn}, EXISTS (SELECT FROM messages WHERE business_id = $1 AND idempotency_key = $3) FROM businesses b WHERE b.id = $1
        """;

    /// <summary>$1 business, $2 conversation.</summary>
    public const string LockConversation = "SELECT FROM conversations WHERE business_id = $1 AND id = $2 FOR NO KEY UPDATE";

    /// <summary>$1 business, $2 key.</summary>
    public const string LockConversationOfKey = """
        SELECT FROM conversations
        WHERE business_id = $1 AND id = (SELECT conversation_id FROM messages WHERE business_id = $1 AND idempotency_key = $2)
        FOR NO KEY UPDATE
        """;

    /// <summary>
    /// Takes the message's turn if nobody else has it, nobody before it waits and it has no reply; otherwise says that it waits.
    /// $1 business, $2 channel, $3 customer, $4 key, $5 text, $6 lease's owner, $7 lease's duration, $8 tokens of history,
    /// $9 whether the reply is delivered in the turn: then it is taken also when there is one, and the message has its place already.
    /// One row, none when there is no such business: a <see cref="TurnRow"/> as JSON.
    /// </summary>
    public const string Take = $"""
        WITH known AS (
            SELECT m.id, m.conversation_id, m.text = $5 AND o.external_id = $3 AND o.channel = $2 AS is_same
            FROM messages m
            JOIN conversations c ON c.business_id = $1 AND c.id = m.conversation_id
            JOIN contacts o ON o.business_id = $1 AND o.id = c.contact_id
            WHERE m.business_id = $1 AND m.idempotency_key = $4
        ), reply AS (
            SELECT r.* FROM known JOIN messages r ON r.business_id = $1 AND r.in_reply_to = known.id
        ), taken AS (
            UPDATE conversations c SET fencing_token = c.fencing_token + 1, lease_owner = $6, lease_expires_at = now() + $7, last_message_at = now()
            FROM known, businesses b
            WHERE b.id = $1 AND b.is_active AND {ChannelIsOn} AND known.is_same
                AND c.business_id = $1 AND c.id = known.conversation_id
                AND (c.lease_expires_at IS NULL OR c.lease_expires_at < now() OR c.lease_owner = $6)
                AND ($9 OR NOT EXISTS (SELECT FROM reply))
                AND NOT EXISTS (
                    SELECT FROM messages w
                    WHERE w.business_id = $1 AND w.conversation_id = known.conversation_id AND w.waits_until > now() AND w.id < known.id)
            RETURNING c.fencing_token, c.handed_over_at IS NOT NULL AS is_handed_over
        ), queued AS (
            UPDATE messages m SET waits_until = CASE WHEN taken.fencing_token IS NULL THEN now() + $7 END
            FROM known LEFT JOIN taken ON true
            WHERE m.business_id = $1 AND m.id = known.id AND known.is_same AND NOT $9
                AND CASE WHEN taken.fencing_token IS NULL THEN NOT EXISTS (SELECT FROM reply) ELSE m.waits_until IS NOT NULL END
        )
        SELECT json_build_object(
            'isActive', b.is_active, 'isChannelOn', {ChannelIsOn}, 'agentVersion', b.agent_version,
            'messageId', known.id, 'conversationId', known.conversation_id, 'isSame', known.is_same,
            'fencingToken', taken.fencing_token, 'isHandedOver', taken.is_handed_over, 'history', history.messages,
            'reply', CASE WHEN reply.id IS NOT NULL THEN json_build_object(
                'conversationId', known.conversation_id, 'messageId', reply.id, 'text', reply.text, 'answerer', reply.answerer,
                'faqEntryId', reply.faq_entry_id, 'isFallback', reply.is_fallback, 'messageTaken', reply.took_message,
                'handedOver', reply.handed_over) END)::text
        FROM businesses b
        LEFT JOIN known ON true
        LEFT JOIN taken ON true
        LEFT JOIN reply ON true
        LEFT JOIN LATERAL (
            SELECT json_agg(json_build_object('role', fit.role, 'text', fit.text) ORDER BY fit.place, fit.id) AS messages
            FROM (
                SELECT latest.*, sum((octet_length(latest.text) + 2) / 3 + 4) OVER (ORDER BY latest.place DESC, latest.id DESC) AS tokens
                FROM (
                    SELECT m.id, m.role, m.text, coalesce(m.in_reply_to, m.id) AS place FROM messages m
                    WHERE m.business_id = $1 AND m.conversation_id = known.conversation_id AND coalesce(m.in_reply_to, m.id) < known.id
                        AND taken.fencing_token IS NOT NULL
                    ORDER BY m.id DESC LIMIT $8 / 5) latest) fit
            WHERE fit.tokens <= $8) history ON true
        WHERE b.id = $1
        """;

    /// <summary>Once a minute is enough to warm the busiest first, and keeps customers off each other's locks. $1 business.</summary>
    public const string RecordActivity = """
        UPDATE businesses SET last_activity_at = now()
        WHERE id = (
            SELECT id FROM businesses
            WHERE id = $1 AND is_active AND (last_activity_at IS NULL OR last_activity_at < now() - interval '1 minute')
            FOR NO KEY UPDATE SKIP LOCKED)
        """;

    /// <summary>$1 business, $2 key, $3 lease's owner, $4 whether the message is out of the queue with it.</summary>
    public const string Abandon = """
        WITH mine AS (
            SELECT id, conversation_id FROM messages WHERE business_id = $1 AND idempotency_key = $2
        ), left_queue AS (
            UPDATE messages m SET waits_until = NULL FROM mine WHERE m.business_id = $1 AND m.id = mine.id AND m.waits_until IS NOT NULL AND $4
        )
        UPDATE conversations c SET lease_owner = NULL, lease_expires_at = NULL FROM mine
        WHERE c.business_id = $1 AND c.id = mine.conversation_id AND c.lease_owner = $3
        """;

    /// <summary>
    /// $1 business, $2 conversation, $3 fencing token, $4 message, $5 text, $6 answerer, $7 FAQ entry, $8 fallback, $9 input tokens,
    /// $10 output tokens, $11 message for the owner, $12 hand over, $13 whether the turn stays open. Writes nothing when the turn was lost.
    /// </summary>
    public const string Complete = $"""
        WITH held AS (
            UPDATE conversations SET last_message_at = now(),
                lease_owner = CASE WHEN $13 THEN lease_owner END,
                lease_expires_at = CASE WHEN $13 THEN lease_expires_at END,
                handed_over_at = CASE WHEN $12 THEN coalesce(handed_over_at, now()) ELSE handed_over_at END
            WHERE {IsHeld}
            RETURNING business_id, id
        ), settled AS (
            UPDATE messages m SET waits_until = NULL FROM held WHERE m.business_id = $1 AND m.id = $4 AND m.waits_until IS NOT NULL
        ), told AS (
            INSERT INTO owner_messages (business_id, conversation_id, text) SELECT business_id, id, $11 FROM held WHERE $11::text IS NOT NULL
        )
        INSERT INTO messages (
            business_id, conversation_id, role, text, in_reply_to, answerer, faq_entry_id, is_fallback, took_message, handed_over, input_tokens, output_tokens)
        SELECT business_id, id, 'agent', $5, $4, $6, $7::bigint, $8, $11::text IS NOT NULL, $12, $9::int, $10::int FROM held
        """;

    /// <summary>$1 business, $2 message, $3 text of the reply. Returns a row when this is the message's reply.</summary>
    public const string Completed = "SELECT id FROM messages WHERE business_id = $1 AND in_reply_to = $2 AND text = $3";

    /// <summary>$1 business, $2 conversation, $3 fencing token.</summary>
    public const string Release = $"UPDATE conversations SET lease_owner = NULL, lease_expires_at = NULL WHERE {IsHeld}";

    /// <summary>$1 business, $2 conversation, $3 fencing token, $4 lease's duration.</summary>
    public const string Renew = $"UPDATE conversations SET lease_expires_at = now() + $4 WHERE {IsHeld}";

    private const string ChannelIsOn = "CASE $2 WHEN 'calls' THEN b.calls_enabled ELSE b.whatsapp_enabled END";

    private const string IsHeld = "business_id = $1 AND id = $2 AND fencing_token = $3 AND lease_owner IS NOT NULL";
}
