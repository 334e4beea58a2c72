using Microsoft.EntityFrameworkCore;
using ProSaas.Data;

namespace ProSaas.Api.Conversations;

/// <summary>Texts of customers outside the conversations' own tables.</summary>
internal static class CustomerTexts
{
    /// <summary>
    /// Has the WhatsApp service remove what it keeps of these contacts, by every address they are known by: sent until it confirms,
    /// once the transaction is committed. Before the contacts are deleted.
    /// </summary>
    public static Task EraseAtWhatsAppAsync(
        ProSaasDbContext context, long businessId, List<long> contacts, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlAsync(
            $$"""
            INSERT INTO whatsapp_erasures (business_id, address)
            SELECT {{businessId}}, known.address FROM (
                SELECT CASE WHEN o.external_id ~ '^\+[0-9]+$' THEN substr(o.external_id, 2) || '@s.whatsapp.net' ELSE o.external_id END AS address
                FROM contacts o WHERE o.business_id = {{businessId}} AND o.id = ANY({{contacts}})
                UNION
                SELECT w.sender FROM conversations c
                JOIN messages m ON m.business_id = {{businessId}} AND m.conversation_id = c.id
                JOIN whatsapp_messages w ON w.business_id = {{businessId}} AND w.message_id = m.id
                WHERE c.business_id = {{businessId}} AND c.contact_id = ANY({{contacts}})) known
            WHERE known.address ~ '^[^[:space:]@]{1,99}@[a-z.]{1,28}$'
            """,
            cancellationToken);
}
