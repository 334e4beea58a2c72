-- The SQL that release 0.1.0 runs, over the schema of migration 20261201033555_Initial.
-- Recorded at its release by scripts/record-sql.sh, never edited: each statement once, in the order of their first runs, with the parameters it had then.
-- The values are those of a throw-away database. PreviousReleaseTests runs all of it against the newest schema.

-- as nobody
LISTEN prosaas_schema

-- as nobody
SELECT to_regclass('public.schema_applied') IS NOT NULL

-- as nobody
SELECT migration_id, required_release FROM public.schema_applied

-- as nobody
SELECT CASE
  WHEN bool_or(held.rolsuper) THEN format('%I is a superuser', session_user)
  WHEN bool_or(held.rolbypassrls) THEN format('%I may bypass row-level security', session_user)
  WHEN bool_or(held.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())) THEN format('%I owns the database', session_user)
  WHEN bool_or(EXISTS (SELECT FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.relowner = held.oid))
    THEN format('%I owns tables', session_user)
END
FROM pg_roles held WHERE pg_has_role(session_user, held.oid, 'MEMBER')

-- as nobody
SELECT coalesce(has_table_privilege(to_regclass('public.migration_runs')::oid, 'SELECT'), false)

-- as nobody
SELECT id, state, error_type, trace_parent, started_at, ended_at FROM public.migration_runs ORDER BY id DESC LIMIT 1

-- as nobody
LISTEN prosaas_agents

-- as nobody
SELECT 1

-- as system
SELECT DISTINCT w.business_id FROM whatsapp_messages w
JOIN messages m ON m.business_id = w.business_id AND m.id = w.message_id
JOIN conversations c ON c.business_id = w.business_id AND c.id = m.conversation_id
WHERE w.settled_at IS NULL AND w.next_attempt_at <= now() AND (c.lease_expires_at IS NULL OR c.lease_expires_at < now())

-- as system
SELECT pg_advisory_xact_lock($1)
-- $1 = "5787775690120184577"

-- as system
SELECT count(*)::int FROM businesses b WHERE b.is_active AND (b.calls_enabled OR b.whatsapp_enabled) AND ($1::bigint[] IS NULL OR b.id = ANY($1))
-- $1 = null

-- as system
SELECT b.id, b.agent_version, b.name, b.business_type, b.language, b.time_zone, b.opening_hours::text, b.greeting, b.system_prompt, b.whatsapp_system_prompt,
  b.calls_enabled, b.whatsapp_enabled, b.phone_e164, b.whatsapp_number, faq.ids, faq.questions, faq.answers
FROM businesses b CROSS JOIN LATERAL (
  SELECT array_agg(f.id ORDER BY f.position, f.id) AS ids, array_agg(f.question ORDER BY f.position, f.id) AS questions,
    array_agg(f.answer ORDER BY f.position, f.id) AS answers
  FROM faq_entries f WHERE f.business_id = b.id) faq WHERE b.is_active AND (b.calls_enabled OR b.whatsapp_enabled) AND ($1::bigint[] IS NULL OR b.id = ANY($1)) ORDER BY b.last_activity_at DESC NULLS LAST, b.id LIMIT $2
-- $1 = null
-- $2 = null

-- as system
SELECT d.xml
FROM data_protection_keys AS d

-- as system
SELECT DISTINCT w.business_id
FROM whatsapp_erasures AS w
WHERE w.requested_at < $1
-- $1 = "2026-12-01 03:54:02.46516+00"

-- as business 9223372036854775807
INSERT INTO contacts (business_id, channel, external_id)
SELECT b.id, $2, $3 FROM businesses b
WHERE b.id = $1 AND b.is_active AND CASE $2 WHEN 'calls' THEN b.calls_enabled ELSE b.whatsapp_enabled END AND $4::bigint IS NULL
    AND NOT EXISTS (SELECT FROM contacts c WHERE c.business_id = $1 AND c.external_id = $3 AND c.channel = $2)
ON CONFLICT DO NOTHING
-- $1 = "9223372036854775807"
-- $2 = "whatsapp"
-- $3 = "warmup"
-- $4 = null

-- as business 9223372036854775807
SELECT FROM contacts WHERE business_id = $1 AND channel = $2 AND external_id = $3 FOR NO KEY UPDATE
-- $1 = "9223372036854775807"
-- $2 = "whatsapp"
-- $3 = "warmup"

-- as business 9223372036854775807
WITH contact AS (
    SELECT id FROM contacts WHERE business_id = $1 AND channel = $2 AND external_id = $3
), business AS (
    SELECT b.id FROM businesses b
    WHERE b.id = $1 AND b.is_active AND CASE $2 WHEN 'calls' THEN b.calls_enabled ELSE b.whatsapp_enabled END
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
-- $1 = "9223372036854775807"
-- $2 = "whatsapp"
-- $3 = "warmup"
-- $4 = null
-- $5 = "01a22fbd-6d74-7527-8180-fcac0d4e5cb8"
-- $6 = "warmup"
-- $7 = "1 day"
-- $8 = null
-- $9 = "100"

-- as business 9223372036854775807
UPDATE businesses SET last_activity_at = now()
WHERE id = (
    SELECT id FROM businesses
    WHERE id = $1 AND is_active AND (last_activity_at IS NULL OR last_activity_at < now() - interval '1 minute')
    FOR NO KEY UPDATE SKIP LOCKED)
-- $1 = "9223372036854775807"

-- as business 9223372036854775807
SELECT FROM conversations
WHERE business_id = $1 AND id = (SELECT conversation_id FROM messages WHERE business_id = $1 AND idempotency_key = $2)
FOR NO KEY UPDATE
-- $1 = "9223372036854775807"
-- $2 = "01a22fbd-6d74-7527-8180-fcac0d4e5cb8"

-- as business 9223372036854775807
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
    WHERE b.id = $1 AND b.is_active AND CASE $2 WHEN 'calls' THEN b.calls_enabled ELSE b.whatsapp_enabled END AND known.is_same
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
    'isActive', b.is_active, 'isChannelOn', CASE $2 WHEN 'calls' THEN b.calls_enabled ELSE b.whatsapp_enabled END, 'agentVersion', b.agent_version,
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
-- $1 = "9223372036854775807"
-- $2 = "whatsapp"
-- $3 = "warmup"
-- $4 = "01a22fbd-6d74-7527-8180-fcac0d4e5cb8"
-- $5 = "warmup"
-- $6 = "vm/25120/568a4be96ad24820845bc8651f2e63e6"
-- $7 = "00:00:15"
-- $8 = "2000"
-- $9 = "f"

-- as system
SELECT a.id, a.concurrency_stamp, a.created_at, a.disabled_at, a.email, a.is_system_admin, a.name, a.normalized_email, a.normalized_user_name, a.password_hash, a.security_stamp, a.user_name
FROM accounts AS a
WHERE a.normalized_email = $1
LIMIT 2
-- $1 = "ADMIN@PROSAAS.TEST"

-- as business 9223372036854775807
SELECT FROM conversations WHERE business_id = $1 AND id = $2 FOR NO KEY UPDATE
-- $1 = "9223372036854775807"
-- $2 = "9223372036854775807"

-- as business 9223372036854775807
WITH held AS (
    UPDATE conversations SET last_message_at = now(),
        lease_owner = CASE WHEN $13 THEN lease_owner END,
        lease_expires_at = CASE WHEN $13 THEN lease_expires_at END,
        handed_over_at = CASE WHEN $12 THEN coalesce(handed_over_at, now()) ELSE handed_over_at END
    WHERE business_id = $1 AND id = $2 AND fencing_token = $3 AND lease_owner IS NOT NULL
    RETURNING business_id, id
), settled AS (
    UPDATE messages m SET waits_until = NULL FROM held WHERE m.business_id = $1 AND m.id = $4 AND m.waits_until IS NOT NULL
), told AS (
    INSERT INTO owner_messages (business_id, conversation_id, text) SELECT business_id, id, $11 FROM held WHERE $11::text IS NOT NULL
)
INSERT INTO messages (
    business_id, conversation_id, role, text, in_reply_to, answerer, faq_entry_id, is_fallback, took_message, handed_over, input_tokens, output_tokens)
SELECT business_id, id, 'agent', $5, $4, $6, $7::bigint, $8, $11::text IS NOT NULL, $12, $9::int, $10::int FROM held
-- $1 = "9223372036854775807"
-- $2 = "9223372036854775807"
-- $3 = "-1"
-- $4 = "9223372036854775807"
-- $5 = "Yes."
-- $6 = "openai"
-- $7 = null
-- $8 = "f"
-- $9 = null
-- $10 = null
-- $11 = null
-- $12 = "f"
-- $13 = "f"

-- as business 9223372036854775807
SELECT id FROM messages WHERE business_id = $1 AND in_reply_to = $2 AND text = $3
-- $1 = "9223372036854775807"
-- $2 = "9223372036854775807"
-- $3 = "Yes."

-- as business 9223372036854775807
UPDATE conversations SET lease_owner = NULL, lease_expires_at = NULL WHERE business_id = $1 AND id = $2 AND fencing_token = $3 AND lease_owner IS NOT NULL
-- $1 = "9223372036854775807"
-- $2 = "9223372036854775807"
-- $3 = "-1"

-- as system
SELECT a.id, a.concurrency_stamp, a.created_at, a.disabled_at, a.email, a.is_system_admin, a.name, a.normalized_email, a.normalized_user_name, a.password_hash, a.security_stamp, a.user_name
FROM accounts AS a
WHERE a.normalized_user_name = $1
LIMIT 1
-- $1 = "ADMIN@PROSAAS.TEST"

-- as system
INSERT INTO accounts (concurrency_stamp, created_at, disabled_at, email, is_system_admin, name, normalized_email, normalized_user_name, password_hash, security_stamp, user_name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
RETURNING id
-- $1 = "1c6ee544-22d2-4425-a553-affc244a7e8c"
-- $2 = "2026-12-01 03:54:33.62387+00"
-- $3 = null
-- $4 = "admin@prosaas.test"
-- $5 = "t"
-- $6 = null
-- $7 = "ADMIN@PROSAAS.TEST"
-- $8 = "ADMIN@PROSAAS.TEST"
-- $9 = "AQAAAAIAAzRQAAAAEFWgc3yuWkYEY/Lb1aQvM8vYTrTiJzJBnfTd3XbhJZ3r4+Nuxpwyp2M2inLIm1w8zQ=="
-- $10 = "LAIU75NO7YBIBIEE6B4EOIJ2C43QARHS"
-- $11 = "admin@prosaas.test"

-- as system
SELECT EXISTS (
    SELECT 1
    FROM businesses AS b
    WHERE b.id = 1)

-- as system
INSERT INTO business_members (account_id, business_id, role)
VALUES ($1, $2, $3)
-- $1 = "2"
-- $2 = "1"
-- $3 = "owner"

-- as system
SELECT EXISTS (
    SELECT 1
    FROM known_networks AS k
    WHERE k.hash = $1 AND k.expires_at > $2)
-- $1 = "\\x916f322c6685dc6a8a9e7990c6444c7716c812437f30e75907f0844e58ed5c54"
-- $2 = "2026-12-01 03:54:33.992929+00"

-- as system
SELECT l.hash, l.attempts, l.expires_at, l.waits_until
FROM login_failures AS l
WHERE l.hash = $1 AND l.expires_at > $2
LIMIT 2
-- $1 = "\\x916f322c6685dc6a8a9e7990c6444c7716c812437f30e75907f0844e58ed5c54"
-- $2 = "2026-12-01 03:54:33.992929+00"

-- as system
INSERT INTO login_failures AS f (hash, attempts, expires_at, waits_until) VALUES ($1, $2, $3, $4)
ON CONFLICT (hash) DO UPDATE SET
    attempts = $5 + CASE WHEN f.expires_at <= $6 THEN 0 ELSE f.attempts END,
    expires_at = CASE WHEN f.expires_at <= $7 THEN $8 ELSE f.expires_at END,
    waits_until = $9
RETURNING hash, attempts, expires_at, waits_until
-- $1 = "\\x2790d0919f34d1694a0b0a938afc23771fcc303dc8043eab7f449a3233feb064"
-- $2 = "1"
-- $3 = "2026-12-01 04:09:33.992929+00"
-- $4 = null
-- $5 = "1"
-- $6 = "2026-12-01 03:54:33.992929+00"
-- $7 = "2026-12-01 03:54:33.992929+00"
-- $8 = "2026-12-01 04:09:33.992929+00"
-- $9 = null

-- as system
SELECT security_stamp AS "Value" FROM accounts WHERE id = $1 AND disabled_at IS NULL FOR NO KEY UPDATE
-- $1 = "1"

-- as system
UPDATE login_failures AS l
SET attempts = l.attempts - 1
WHERE l.hash = $1 AND l.attempts > 0
-- $1 = "\\x2790d0919f34d1694a0b0a938afc23771fcc303dc8043eab7f449a3233feb064"

-- as system
DELETE FROM login_failures AS l
WHERE l.hash = $1
-- $1 = "\\x916f322c6685dc6a8a9e7990c6444c7716c812437f30e75907f0844e58ed5c54"

-- as system
INSERT INTO known_networks (hash, account_id, expires_at) VALUES ($1, $2, $3)
ON CONFLICT (hash) DO UPDATE SET account_id = excluded.account_id, expires_at = excluded.expires_at
-- $1 = "\\x916f322c6685dc6a8a9e7990c6444c7716c812437f30e75907f0844e58ed5c54"
-- $2 = "1"
-- $3 = "2027-05-30 03:54:34.482526+00"

-- as system
DELETE FROM account_sessions AS a
WHERE a.account_id = $1 AND a.expires_at <= $2
-- $1 = "1"
-- $2 = "2026-12-01 03:54:34.441029+00"

-- as system
INSERT INTO account_sessions (id, account_id, created_at, ends_at, expires_at)
VALUES ($1, $2, $3, $4, $5)
-- $1 = "8fe468bf-07ca-4601-8f61-82424e7d6dbd"
-- $2 = "1"
-- $3 = "2026-12-01 03:54:34.441029+00"
-- $4 = "2026-12-01 15:54:34.441029+00"
-- $5 = "2026-12-01 05:54:34.441029+00"

-- as system
SELECT d.xml
FROM data_protection_keys AS d
ORDER BY d.id

-- as system
INSERT INTO data_protection_keys (friendly_name, xml)
VALUES ($1, $2)
RETURNING id
-- $1 = "key-08e42e91-9c18-4878-932f-e58e5acfd2ed"
-- $2 = "<key id=\"08e42e91-9c18-4878-932f-e58e5acfd2ed\" version=\"1\"><creationDate>2026-12-01T03:54:34.5368894Z</creationDate><activationDate>2026-12-01T03:54:34.5368894Z</activationDate><expirationDate>2027-03-01T03:54:34.5368894Z</expirationDate><descriptor deserializerType=\"Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel.AuthenticatedEncryptorDescriptorDeserializer, Microsoft.AspNetCore.DataProtection, Version=10.0.0.0, Culture=neutral, PublicKeyToken=adb9793829ddae60\"><descriptor><encryption algorithm=\"AES_256_CBC\" /><validation algorithm=\"HMACSHA256\" /><masterKey p4:requiresEncryption=\"true\" xmlns:p4=\"http://schemas.asp.net/2015/03/dataProtection\"><!-- Warning: the key below is in an unencrypted form. --><value>not kept</value></masterKey></descriptor></descriptor></key>"

-- as system
SELECT s.expires_at, s.ends_at, a.id, a.email, a.name, a.is_system_admin,
    array(SELECT m.business_id FROM business_members m WHERE m.account_id = a.id ORDER BY m.business_id),
    array(SELECT m.role FROM business_members m WHERE m.account_id = a.id ORDER BY m.business_id)
FROM account_sessions s JOIN accounts a ON a.id = s.account_id
WHERE s.id = $1 AND s.expires_at > $2 AND a.disabled_at IS NULL
-- $1 = "8fe468bf-07ca-4601-8f61-82424e7d6dbd"
-- $2 = "2026-12-01 03:54:34.608992+00"

-- as system
SELECT b.id, b.name, b.business_type, b.phone_e164, b.whatsapp_number, b.is_active, b.last_activity_at
FROM businesses AS b
WHERE b.id > $1
ORDER BY b.id
LIMIT $2
-- $1 = "0"
-- $2 = "26"

-- as system
SELECT b.id, b.name, b.business_type, b.phone_e164, b.whatsapp_number, b.is_active, b.last_activity_at
FROM businesses AS b
WHERE b.id > $1 AND b.name ILIKE $2 ESCAPE '\'
ORDER BY b.id
LIMIT $3
-- $1 = "0"
-- $2 = "%a%"
-- $3 = "3"

-- as system
SELECT b.id, b.name, b.business_type, b.phone_e164, b.whatsapp_number, b.is_active, b.last_activity_at
FROM businesses AS b
WHERE b.id > $1 AND (b.name ILIKE $2 ESCAPE '\' OR b.phone_e164 LIKE $3 OR b.whatsapp_number LIKE $3)
ORDER BY b.id
LIMIT $4
-- $1 = "0"
-- $2 = "%050-1234%"
-- $3 = "%501234%"
-- $4 = "26"

-- as system
INSERT INTO businesses (business_type, calls_enabled, greeting, is_active, language, last_activity_at, name, opening_hours, phone_e164, speaking_rate, system_prompt, time_zone, voice_name, whatsapp_enabled, whatsapp_number, whatsapp_system_prompt)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
RETURNING id, agent_version, xmin
-- $1 = "מספרה"
-- $2 = "f"
-- $3 = "שלום, הגעתם למספרת דנה"
-- $4 = "t"
-- $5 = "he-IL"
-- $6 = null
-- $7 = "מספרת דנה"
-- $8 = "[]"
-- $9 = null
-- $10 = "1"
-- $11 = "Be brief."
-- $12 = "Asia/Jerusalem"
-- $13 = null
-- $14 = "f"
-- $15 = null
-- $16 = null

-- as system
INSERT INTO audit_entries (account_email, account_id, action, after, before, business_id, client_address, subject_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id, at
-- $1 = "admin@prosaas.test"
-- $2 = "1"
-- $3 = "business.created"
-- $4 = "{\"name\": \"מספרת דנה\", \"greeting\": \"שלום, הגעתם למספרת דנה\", \"isActive\": true, \"language\": \"he-IL\", \"timeZone\": \"Asia/Jerusalem\", \"phoneE164\": null, \"voiceName\": null, \"businessType\": \"מספרה\", \"callsEnabled\": false, \"openingHours\": [], \"speakingRate\": 1, \"systemPrompt\": \"Be brief.\", \"lastActivityAt\": null, \"whatsappNumber\": null, \"whatsappEnabled\": false, \"whatsappSystemPrompt\": null}"
-- $5 = null
-- $6 = "1001"
-- $7 = "127.0.0.1"
-- $8 = "1001"

-- as business 1001
SELECT b.id, b.agent_version, b.business_type, b.calls_enabled, b.greeting, b.is_active, b.language, b.last_activity_at, b.name, b.opening_hours, b.phone_e164, b.xmin, b.speaking_rate, b.system_prompt, b.time_zone, b.voice_name, b.whatsapp_enabled, b.whatsapp_number, b.whatsapp_system_prompt
FROM businesses AS b
WHERE b.id = $1
LIMIT 2
-- $1 = "1001"

-- as business 1001
SELECT p.id, p.agent_version, p.business_type, p.calls_enabled, p.greeting, p.is_active, p.language, p.last_activity_at, p.name, p.opening_hours, p.phone_e164, p.xmin, p.speaking_rate, p.system_prompt, p.time_zone, p.voice_name, p.whatsapp_enabled, p.whatsapp_number, p.whatsapp_system_prompt
FROM (
    SELECT *, xmin FROM businesses WHERE id = $1 FOR NO KEY UPDATE
) AS p
LIMIT 2
-- $1 = "1001"

-- as business 1001
UPDATE businesses SET greeting = $1
WHERE id = $2 AND xmin = $3
RETURNING agent_version, xmin
-- $1 = "Changed."
-- $2 = "1001"
-- $3 = "752"

-- as business 1001
INSERT INTO audit_entries (account_email, account_id, action, after, before, business_id, client_address, subject_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id, at
-- $1 = "admin@prosaas.test"
-- $2 = "1"
-- $3 = "business.updated"
-- $4 = "{\"greeting\": \"Changed.\"}"
-- $5 = "{\"greeting\": \"שלום, הגעתם למספרת דנה\"}"
-- $6 = "1001"
-- $7 = "127.0.0.1"
-- $8 = "1001"

-- as business 1001
UPDATE businesses SET is_active = $1
WHERE id = $2 AND xmin = $3
RETURNING agent_version, xmin
-- $1 = "f"
-- $2 = "1001"
-- $3 = "755"

-- as business 1001
SELECT id FROM businesses WHERE id = $1 FOR NO KEY UPDATE
-- $1 = "1001"

-- as business 1001
SELECT count(*)::int
FROM faq_entries AS f
WHERE f.business_id = $1
-- $1 = "1001"

-- as business 1001
INSERT INTO faq_entries (answer, business_id, position, question)
VALUES ($1, $2, $3, $4)
RETURNING id, xmin
-- $1 = "Until two."
-- $2 = "1001"
-- $3 = "1"
-- $4 = "Open on Friday?"

-- as business 1001
SELECT f.id, f.answer, f.business_id, f.position, f.question, f.xmin
FROM faq_entries AS f
WHERE f.business_id = $1
ORDER BY f.position, f.id
-- $1 = "1001"

-- as business 1001
SELECT f.id, f.answer, f.business_id, f.position, f.question, f.xmin
FROM faq_entries AS f
WHERE f.business_id = $1 AND f.id = $2
LIMIT 2
-- $1 = "1001"
-- $2 = "42"

-- as business 1001
SELECT p.id, p.answer, p.business_id, p.position, p.question, p.xmin
FROM (
    SELECT *, xmin FROM faq_entries WHERE business_id = $1 AND id = $2 FOR UPDATE
) AS p
LIMIT 2
-- $1 = "1001"
-- $2 = "42"

-- as business 1001
UPDATE faq_entries SET answer = $1
WHERE id = $2 AND xmin = $3
RETURNING xmin
-- $1 = "Changed."
-- $2 = "42"
-- $3 = "764"

-- as business 1001
DELETE FROM faq_entries
WHERE id = $1 AND xmin = $2
-- $1 = "42"
-- $2 = "767"

-- as business 1001
SELECT language, voice_name, speaking_rate FROM businesses WHERE id = $1
-- $1 = "1001"

-- as business 1001
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
-- $1 = "1001"
-- $2 = "6"
-- $3 = "200000"

-- as system
SELECT id FROM businesses WHERE id = $1 FOR NO KEY UPDATE
-- $1 = "1001"

-- as system
SELECT EXISTS (
    SELECT 1
    FROM business_members AS b
    WHERE b.business_id = $1 AND b.account_id = $2)
-- $1 = "1001"
-- $2 = "4"

-- as system
SELECT a.id AS "Id", a.email AS "Email", a.name AS "Name", b.role AS "Role"
FROM business_members AS b
INNER JOIN accounts AS a ON b.account_id = a.id
WHERE b.business_id = $1
ORDER BY a.id
-- $1 = "1001"

-- as system
SELECT b.business_id, b.account_id, b.role
FROM business_members AS b
WHERE b.business_id = $1 AND b.account_id = $2
LIMIT 2
-- $1 = "1001"
-- $2 = "4"

-- as business 1001
SELECT a.id, a.account_email, a.account_id, a.action, a.after, a.at, a.before, a.business_id, a.client_address, a.subject_id
FROM audit_entries AS a
WHERE a.business_id = $1 AND a.id < $2
ORDER BY a.id DESC
LIMIT $3
-- $1 = "1001"
-- $2 = "9223372036854775807"
-- $3 = "26"

-- as business 1
SELECT p.business_id, p.id, p.channel, p.contact_id, p.fencing_token, p.handed_over_at, p.last_message_at, p.lease_expires_at, p.lease_owner, p.started_at
FROM (
    SELECT * FROM conversations WHERE business_id = $1 AND id = $2 FOR NO KEY UPDATE
) AS p
LIMIT 2
-- $1 = "1"
-- $2 = "1"

-- as business 1
UPDATE conversations SET handed_over_at = $1
WHERE business_id = $2 AND id = $3
-- $1 = null
-- $2 = "1"
-- $3 = "1"

-- as business 1
SELECT c.business_id, c.id, c.channel, c.contact_id, c.fencing_token, c.handed_over_at, c.last_message_at, c.lease_expires_at, c.lease_owner, c.started_at, c0.external_id AS "ExternalId"
FROM conversations AS c
INNER JOIN contacts AS c0 ON c.business_id = c0.business_id AND c.contact_id = c0.id
WHERE c.business_id = $1 AND c.id = $2
LIMIT 2
-- $1 = "1"
-- $2 = "1"

-- as business 1
INSERT INTO audit_entries (business_id, account_id, account_email, client_address, action, subject_id)
SELECT b.id, $1, $2, $3::inet, $4, $5
FROM businesses b
WHERE b.id = $6 AND NOT EXISTS (
    SELECT FROM audit_entries e
    WHERE e.business_id = $7 AND e.account_id = $8 AND e.action = $9
        AND e.subject_id = $10 AND e.at > now() - interval '10 minutes')
-- $1 = "1"
-- $2 = "admin@prosaas.test"
-- $3 = "127.0.0.1"
-- $4 = "conversations.read"
-- $5 = "1"
-- $6 = "1"
-- $7 = "1"
-- $8 = "1"
-- $9 = "conversations.read"
-- $10 = "1"

-- as business 1
SELECT c.business_id, c.id, c.channel, c.contact_id, c.fencing_token, c.handed_over_at, c.last_message_at, c.lease_expires_at, c.lease_owner, c.started_at, c0.external_id AS "ExternalId"
FROM conversations AS c
INNER JOIN contacts AS c0 ON c.business_id = c0.business_id AND c.contact_id = c0.id
WHERE c.business_id = $1 AND c.id < $2
ORDER BY c.id DESC
LIMIT $3
-- $1 = "1"
-- $2 = "9223372036854775807"
-- $3 = "26"

-- as business 1
SELECT m.business_id, m.id, m.answerer, m.conversation_id, m.created_at, m.faq_entry_id, m.handed_over, m.idempotency_key, m.in_reply_to, m.input_tokens, m.is_fallback, m.output_tokens, m.role, m.text, m.took_message, m.waits_until
FROM messages AS m
WHERE m.business_id = $1 AND m.conversation_id = $2 AND m.id > $3
ORDER BY m.id
LIMIT $4
-- $1 = "1"
-- $2 = "1"
-- $3 = "0"
-- $4 = "26"

-- as business 1
SELECT o.business_id, o.id, o.conversation_id, o.created_at, o.text, c0.business_id, c0.id, c0.channel, c0.display_name, c0.external_id
FROM owner_messages AS o
INNER JOIN conversations AS c ON o.business_id = c.business_id AND o.conversation_id = c.id
INNER JOIN contacts AS c0 ON c.business_id = c0.business_id AND c.contact_id = c0.id
WHERE o.business_id = $1 AND o.id < $2
ORDER BY o.id DESC
LIMIT $3
-- $1 = "1"
-- $2 = "9223372036854775807"
-- $3 = "26"

-- as business 1
SELECT c.business_id, c.id, c.channel, c.display_name, c.external_id
FROM contacts AS c
WHERE c.business_id = $1 AND c.id > $2
ORDER BY c.id
LIMIT $3
-- $1 = "1"
-- $2 = "0"
-- $3 = "26"

-- as business 1
SELECT c0.business_id, c0.id, c0.channel, c0.display_name, c0.external_id
FROM contacts AS c
CROSS JOIN contacts AS c0
WHERE c.business_id = $1 AND c.id = $2 AND c0.business_id = $1 AND c0.external_id = c.external_id
ORDER BY c0.id
-- $1 = "1"
-- $2 = "1"

-- as business 1
SELECT c.business_id, c.id, c.channel, c.contact_id, c.fencing_token, c.handed_over_at, c.last_message_at, c.lease_expires_at, c.lease_owner, c.started_at
FROM conversations AS c
WHERE c.business_id = $1 AND c.contact_id = ANY ($2)
ORDER BY c.id
-- $1 = "1"
-- $2 = "{1}"

-- as business 1
SELECT m.business_id, m.id, m.answerer, m.conversation_id, m.created_at, m.faq_entry_id, m.handed_over, m.idempotency_key, m.in_reply_to, m.input_tokens, m.is_fallback, m.output_tokens, m.role, m.text, m.took_message, m.waits_until
FROM messages AS m
WHERE m.business_id = $1 AND m.conversation_id = ANY ($2)
ORDER BY m.id
-- $1 = "1"
-- $2 = "{1}"

-- as business 1
SELECT o.business_id, o.id, o.conversation_id, o.created_at, o.text
FROM owner_messages AS o
WHERE o.business_id = $1 AND o.conversation_id = ANY ($2)
ORDER BY o.id
-- $1 = "1"
-- $2 = "{1}"

-- as business 1
SELECT c0.id
FROM contacts AS c
CROSS JOIN contacts AS c0
WHERE c.business_id = $1 AND c.id = $2 AND c0.business_id = $1 AND c0.external_id = c.external_id
ORDER BY c0.id
-- $1 = "1"
-- $2 = "1"

-- as business 1
INSERT INTO whatsapp_erasures (business_id, address)
SELECT $1, known.address FROM (
    SELECT CASE WHEN o.external_id ~ '^\+[0-9]+$' THEN substr(o.external_id, 2) || '@s.whatsapp.net' ELSE o.external_id END AS address
    FROM contacts o WHERE o.business_id = $2 AND o.id = ANY($3)
    UNION
    SELECT w.sender FROM conversations c
    JOIN messages m ON m.business_id = $4 AND m.conversation_id = c.id
    JOIN whatsapp_messages w ON w.business_id = $5 AND w.message_id = m.id
    WHERE c.business_id = $6 AND c.contact_id = ANY($7)) known
WHERE known.address ~ '^[^[:space:]@]{1,99}@[a-z.]{1,28}$'
-- $1 = "1"
-- $2 = "1"
-- $3 = "{1}"
-- $4 = "1"
-- $5 = "1"
-- $6 = "1"
-- $7 = "{1}"

-- as business 1
DELETE FROM contacts AS c
WHERE c.business_id = $1 AND c.id = $2
-- $1 = "1"
-- $2 = "1"

-- as business 1
UPDATE whatsapp_messages SET next_attempt_at = now() WHERE business_id = $1 AND settled_at IS NULL AND next_attempt_at > now()
-- $1 = "1"

-- as business 1
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
-- $1 = "1"
-- $2 = "256"

-- as business 1
WITH named AS (
    UPDATE contacts SET display_name = $5
    WHERE business_id = $1 AND channel = 'whatsapp' AND external_id = $4 AND display_name IS NULL AND $5 IS NOT NULL
), stored AS (
    SELECT m.business_id, m.id, m.conversation_id, m.waits_until FROM messages m WHERE m.business_id = $1 AND m.idempotency_key = $2
), unanswered AS (
    SELECT s.conversation_id, 'הלקוח כתב בוואטסאפ הרבה הודעות בבת אחת, וחלקן לא קיבלו תשובה. הן שמורות בשיחה הזאת.' AS hebrew, 'This customer wrote very many messages on WhatsApp at once, and some got no reply. They are kept in this conversation.' AS english FROM stored s
    WHERE s.waits_until IS NULL
        AND NOT EXISTS (SELECT FROM whatsapp_messages w WHERE w.business_id = $1 AND w.message_id = s.id)
), told AS (
    INSERT INTO owner_messages (business_id, conversation_id, text)
    SELECT $1, said.conversation_id, said.text FROM (
        SELECT u.conversation_id, CASE WHEN b.language LIKE 'he%' THEN u.hebrew ELSE u.english END AS text
        FROM unanswered u JOIN businesses b ON b.id = $1) said
    WHERE NOT EXISTS (
        SELECT FROM owner_messages o
        WHERE o.business_id = $1 AND o.conversation_id = said.conversation_id AND o.text = said.text)
)
INSERT INTO whatsapp_messages (business_id, message_id, sender)
SELECT business_id, id, $3 FROM stored WHERE waits_until IS NOT NULL
ON CONFLICT (business_id, message_id) DO NOTHING
-- $1 = "1"
-- $2 = "whatsapp:972545550001@s.whatsapp.net:A1"
-- $3 = "972545550001@s.whatsapp.net"
-- $4 = "+972545550001"
-- $5 = "A customer"

-- as business 1
SELECT b.is_active AND CASE $2 WHEN 'calls' THEN b.calls_enabled ELSE b.whatsapp_enabled END, EXISTS (SELECT FROM messages WHERE business_id = $1 AND idempotency_key = $3) FROM businesses b WHERE b.id = $1
-- $1 = "1"
-- $2 = "whatsapp"
-- $3 = "whatsapp:972545550001@s.whatsapp.net:A1"

-- as business 1
WITH settled AS (
    UPDATE whatsapp_messages SET settled_at = now(), outcome = $3 WHERE business_id = $1 AND id = $2 AND settled_at IS NULL
    RETURNING message_id
), unanswered AS (
    SELECT m.conversation_id, 'הודעה של הלקוח בוואטסאפ לא קיבלה תשובה בגלל תקלה. ההודעה שמורה בשיחה הזאת.' AS hebrew, 'A message of this customer on WhatsApp got no reply, because of a fault. It is kept in this conversation.' AS english FROM settled
    JOIN messages m ON m.business_id = $1 AND m.id = settled.message_id
    WHERE $3 = 'undeliverable'
), told AS (
    INSERT INTO owner_messages (business_id, conversation_id, text)
    SELECT $1, said.conversation_id, said.text FROM (
        SELECT u.conversation_id, CASE WHEN b.language LIKE 'he%' THEN u.hebrew ELSE u.english END AS text
        FROM unanswered u JOIN businesses b ON b.id = $1) said
    WHERE NOT EXISTS (
        SELECT FROM owner_messages o
        WHERE o.business_id = $1 AND o.conversation_id = said.conversation_id AND o.text = said.text)
)
UPDATE messages m SET waits_until = NULL FROM settled WHERE m.business_id = $1 AND m.id = settled.message_id AND m.waits_until IS NOT NULL
-- $1 = "1"
-- $2 = "1"
-- $3 = "answered"

-- as system
SELECT b.id, b.name, b.business_type, b.phone_e164, b.whatsapp_number, b.is_active, b.last_activity_at
FROM businesses AS b
WHERE b.id > $1 AND b.id = ANY ($2) AND b.name ILIKE $3 ESCAPE '\'
ORDER BY b.id
LIMIT $4
-- $1 = "0"
-- $2 = "{1001}"
-- $3 = "%a%"
-- $4 = "26"

-- as system
SELECT b.name
FROM businesses AS b
WHERE b.id = ANY ($1)
-- $1 = "{1001}"

-- as system
UPDATE accounts AS a
SET password_hash = $1,
    security_stamp = $2
WHERE a.id = $3 AND a.security_stamp = $4
-- $1 = "AQAAAAIAAzRQAAAAED3ZKiv3CuEVqjOCilj1N/nqvCC3Z0ZcChSsdE1T08q7H2mQvlfAQAySqXtiasJW5g=="
-- $2 = "f1296c4686144c73a790685e1400d6e1"
-- $3 = "4"
-- $4 = "SC4Y6O2ZM4CNS36RTWVVFZF4CEGJFDD6"

-- as system
DELETE FROM account_sessions AS a
WHERE a.account_id = $1 AND a.id <> $2
-- $1 = "4"
-- $2 = "0aff713a-355a-4b42-8c30-8dc67708bab2"

-- as system
DELETE FROM known_networks AS k
WHERE k.account_id = $1
-- $1 = "4"

-- as system
INSERT INTO refresh_tokens (hash, created_at, session_id, successor_salt, used_at)
VALUES ($1, $2, $3, $4, $5)
-- $1 = "\\xb88ed4650dfd827351a018877ecb180a746073fc6b27f7e6a37d226b13dc6968"
-- $2 = "2026-12-01 03:54:37.476673+00"
-- $3 = "028524f3-6542-4aec-9917-dde1b51c7536"
-- $4 = null
-- $5 = null

-- as system
UPDATE refresh_tokens AS r
SET used_at = $1,
    successor_salt = $2
WHERE r.hash = $3 AND r.used_at IS NULL
-- $1 = "2026-12-01 03:54:37.519898+00"
-- $2 = "\\x059daa69ed94925fd58b72b849eea38e2449af9c2b732e23f161af41c9f615b9"
-- $3 = "\\xb88ed4650dfd827351a018877ecb180a746073fc6b27f7e6a37d226b13dc6968"

-- as system
SELECT r.hash, r.created_at, r.session_id, r.successor_salt, r.used_at
FROM refresh_tokens AS r
WHERE r.hash = $1
LIMIT 2
-- $1 = "\\xb88ed4650dfd827351a018877ecb180a746073fc6b27f7e6a37d226b13dc6968"

-- as system
SELECT a.id, a.account_id, a.created_at, a.ends_at, a.expires_at
FROM account_sessions AS a
INNER JOIN accounts AS a0 ON a.account_id = a0.id
WHERE a.id = $1 AND a.expires_at > $2 AND a0.disabled_at IS NULL
LIMIT 2
-- $1 = "028524f3-6542-4aec-9917-dde1b51c7536"
-- $2 = "2026-12-01 03:54:37.519898+00"

-- as system
UPDATE account_sessions SET expires_at = $1
WHERE id = $2
-- $1 = "2026-12-08 03:54:37.519898+00"
-- $2 = "028524f3-6542-4aec-9917-dde1b51c7536"

-- as system
DELETE FROM account_sessions AS a
WHERE a.id = $1
-- $1 = "028524f3-6542-4aec-9917-dde1b51c7536"

-- as system
SELECT id AS "Value" FROM accounts WHERE is_system_admin AND disabled_at IS NULL
ORDER BY id FOR NO KEY UPDATE

-- as system
UPDATE accounts AS a
SET disabled_at = COALESCE(a.disabled_at, $1)
WHERE a.id = $2
-- $1 = "2026-12-01 03:54:37.572774+00"
-- $2 = "4"

-- as system
DELETE FROM account_sessions AS a
WHERE a.account_id = $1
-- $1 = "4"

-- as system
UPDATE accounts AS a
SET disabled_at = NULL
WHERE a.id = $1
-- $1 = "4"

-- as system
SELECT p.id, p.agent_version, p.business_type, p.calls_enabled, p.greeting, p.is_active, p.language, p.last_activity_at, p.name, p.opening_hours, p.phone_e164, p.xmin, p.speaking_rate, p.system_prompt, p.time_zone, p.voice_name, p.whatsapp_enabled, p.whatsapp_number, p.whatsapp_system_prompt
FROM (
    SELECT *, xmin FROM businesses WHERE id = $1 FOR NO KEY UPDATE
) AS p
LIMIT 2
-- $1 = "1002"

-- as system
INSERT INTO whatsapp_erasures (business_id, address)
VALUES ($1, $2)
RETURNING id, requested_at
-- $1 = "1002"
-- $2 = null

-- as system
DELETE FROM businesses AS b
WHERE b.id = $1
-- $1 = "1002"

-- as system
SELECT b.id AS "Value" FROM businesses b
WHERE b.id IN (SELECT business_id FROM business_members WHERE account_id = $1 AND role = 'owner')
ORDER BY b.id FOR NO KEY UPDATE
-- $1 = "4"

-- as system
SELECT o.id AS "Value" FROM businesses o
WHERE o.id = ANY($1) AND NOT EXISTS (
    SELECT FROM business_members m WHERE m.business_id = o.id AND m.account_id <> $2 AND m.role = 'owner')
ORDER BY o.id
-- $1 = "{}"
-- $2 = "4"

-- as system
SELECT b.business_id
FROM business_members AS b
WHERE b.account_id = $1
-- $1 = "4"

-- as system
DELETE FROM accounts AS a
WHERE a.id = $1
-- $1 = "4"

-- as system
UPDATE audit_entries AS a
SET account_email = $1
WHERE a.account_id = $2
-- $1 = "account 4"
-- $2 = "4"

-- as system
SELECT w.business_id, w.id, w.address, w.requested_at
FROM whatsapp_erasures AS w
WHERE w.business_id = $1 AND w.requested_at < $2
ORDER BY w.id
LIMIT $3
-- $1 = "1002"
-- $2 = "2026-12-01 03:54:08.251692+00"
-- $3 = "100"

-- as system
DELETE FROM whatsapp_erasures AS w
WHERE w.business_id = $1 AND w.id = ANY ($2)
-- $1 = "1002"
-- $2 = "{2}"

-- as system
SELECT EXISTS (
    SELECT 1
    FROM accounts AS a
    WHERE a.is_system_admin)

-- as system
DELETE FROM setup_codes AS s
WHERE s.expires_at <= $1
-- $1 = "2026-12-01 03:54:40.484289+00"

-- as system
SELECT EXISTS (
    SELECT 1
    FROM setup_codes AS s)

-- as system
INSERT INTO setup_codes (id, expires_at, hash)
VALUES ($1, $2, $3)
-- $1 = "1"
-- $2 = "2026-12-01 04:54:40.484289+00"
-- $3 = "\\x0b6da3694621022c3f911fca69930587f8747cf2df1e38265af4615ed9be57ea"

-- as system
SELECT EXISTS (
    SELECT 1
    FROM setup_codes AS s
    WHERE s.hash = $1 AND s.expires_at > $2 AND NOT EXISTS (
        SELECT 1
        FROM accounts AS a
        WHERE a.is_system_admin))
-- $1 = "\\x0b6da3694621022c3f911fca69930587f8747cf2df1e38265af4615ed9be57ea"
-- $2 = "2026-12-01 03:54:40.700346+00"

-- as system
DELETE FROM setup_codes AS s
