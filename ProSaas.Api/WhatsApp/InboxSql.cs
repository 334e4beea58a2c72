namespace ProSaas.Api.WhatsApp;

/// <summary>The statements of the inbox: what came by WhatsApp and has no answer under way.</summary>
internal static class InboxSql
{
    /// <summary>
    /// $1 business, $2 the message's key, $3 WhatsApp's id, $4 sender, $5 what the conversation knows the sender by, $6 name or null.
    /// Nothing when it is there, or the message was not stored.
    /// </summary>
    public const string Add = """
        WITH named AS (
            UPDATE contacts SET display_name = $6
            WHERE business_id = $1 AND channel = 'whatsapp' AND external_id = $5 AND display_name IS NULL AND $6 IS NOT NULL
        )
        INSERT INTO whatsapp_messages (business_id, message_id, external_id, sender)
        SELECT business_id, id, $3, $4 FROM messages WHERE business_id = $1 AND idempotency_key = $2
        ON CONFLICT (business_id, message_id) DO NOTHING
        """;

    /// <summary>
    /// Takes what is due and the first of its sender: one at a time of each, in the order they came. $1 business, $2 process, $3 how
    /// long the process counts as alive, $4 how many at most.
    /// </summary>
    public const string Claim = """
        UPDATE whatsapp_messages w SET claimed_by = $2, claimed_until = now() + $3, attempts = w.attempts + 1
        FROM messages m
        JOIN conversations c ON c.business_id = $1 AND c.id = m.conversation_id
        JOIN contacts o ON o.business_id = $1 AND o.id = c.contact_id
        WHERE w.business_id = $1 AND m.business_id = $1 AND m.id = w.message_id AND w.id IN (
            SELECT d.id FROM whatsapp_messages d
            WHERE d.business_id = $1 AND d.settled_at IS NULL AND d.next_attempt_at <= now() AND (d.claimed_until IS NULL OR d.claimed_until < now())
                AND NOT EXISTS (
                    SELECT FROM whatsapp_messages e WHERE e.business_id = $1 AND e.sender = d.sender AND e.settled_at IS NULL AND e.id < d.id)
            ORDER BY d.id LIMIT $4 FOR UPDATE SKIP LOCKED)
        RETURNING w.id, w.sender, w.external_id, w.attempts, w.received_at, o.external_id, m.text, m.idempotency_key
        """;

    /// <summary>$1 business, $2 id, $3 process, $4 outcome.</summary>
    public const string Settle = """
        UPDATE whatsapp_messages SET settled_at = now(), outcome = $4, claimed_by = NULL, claimed_until = NULL
        WHERE business_id = $1 AND id = $2 AND claimed_by = $3 AND settled_at IS NULL
        """;

    /// <summary>$1 business, $2 id, $3 process, $4 pause until the next attempt.</summary>
    public const string PutBack = """
        UPDATE whatsapp_messages SET next_attempt_at = now() + $4, claimed_by = NULL, claimed_until = NULL
        WHERE business_id = $1 AND id = $2 AND claimed_by = $3 AND settled_at IS NULL
        """;

    /// <summary>The businesses that have something due. System.</summary>
    public const string Due = """
        SELECT DISTINCT business_id FROM whatsapp_messages
        WHERE settled_at IS NULL AND next_attempt_at <= now() AND (claimed_until IS NULL OR claimed_until < now())
        """;

    /// <summary>$1 process, $2 how long it counts as alive. System.</summary>
    public const string Renew = "UPDATE whatsapp_messages SET claimed_until = now() + $2 WHERE settled_at IS NULL AND claimed_by = $1";

    /// <summary>Nothing waits for a pause that began before the connection was there. $1 business.</summary>
    public const string RetryNow = "UPDATE whatsapp_messages SET next_attempt_at = now() WHERE business_id = $1 AND settled_at IS NULL AND next_attempt_at > now()";
}
