-- The SQL that release 0.1.0 runs, over the schema of migration 20261125163225_BusinessAudit.
-- Recorded at its release by scripts/record-sql.sh, never edited: each statement once, in the order of their first runs, with the parameters it had then.
-- The values are those of a throw-away database. PreviousReleaseTests runs all of it against the newest schema.

-- as nobody
LISTEN prosaas_schema

-- as nobody
SELECT to_regclass('public.schema_applied') IS NOT NULL

-- as nobody
SELECT migration_id, required_release FROM public.schema_applied

-- as nobody
SELECT coalesce(has_table_privilege(to_regclass('public.migration_runs')::oid, 'SELECT'), false)

-- as nobody
SELECT id, state, error_type, trace_parent, started_at, ended_at FROM public.migration_runs ORDER BY id DESC LIMIT 1

-- as nobody
SELECT 1

-- as system
SELECT pg_advisory_xact_lock($1)
-- $1 = "5787775690120184577"

-- as system
SELECT a.id, a.concurrency_stamp, a.created_at, a.disabled_at, a.email, a.is_system_admin, a.name, a.normalized_email, a.normalized_user_name, a.password_hash, a.security_stamp, a.user_name
FROM accounts AS a
WHERE a.normalized_email = $1
LIMIT 2
-- $1 = "ADMIN@PROSAAS.TEST"

-- as system
SELECT b.id, b.agent_version, b.business_type, b.calls_enabled, b.greeting, b.is_active, b.language, b.last_activity_at, b.name, b.opening_hours, b.phone_e164, b.xmin, b.speaking_rate, b.system_prompt, b.time_zone, b.voice_name, b.whatsapp_enabled, b.whatsapp_number, b.whatsapp_system_prompt, (
    SELECT COALESCE(sum(CAST(length(f.question)::int + length(f.answer)::int AS bigint)), 0.0)::bigint
    FROM faq_entries AS f
    WHERE f.business_id = b.id) AS "FaqCharacters"
FROM businesses AS b
WHERE b.is_active AND (b.calls_enabled OR b.whatsapp_enabled)
ORDER BY b.last_activity_at IS NOT NULL DESC, b.last_activity_at DESC, b.id

-- as system
SELECT f.business_id, f.question, f.answer
FROM faq_entries AS f
WHERE f.business_id = ANY ($1)
ORDER BY f.id
-- $1 = "{1,2,3,4,5,6,7,8,9,10}"

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
-- $1 = "51e57a2f-6175-4396-93c9-d6e72401fd48"
-- $2 = "2026-11-25 19:25:07.743037+00"
-- $3 = null
-- $4 = "admin@prosaas.test"
-- $5 = "t"
-- $6 = null
-- $7 = "ADMIN@PROSAAS.TEST"
-- $8 = "ADMIN@PROSAAS.TEST"
-- $9 = "AQAAAAIAAzRQAAAAEPU/CBnUKCk+YNHq8/qbKUNAwl86fDkKZ8AtEbVaOMEr02410c6lYHjg1nC8TE5Dkw=="
-- $10 = "4VLEJSXPJRXAQTG7Z6UAEF2ZEWY3MW3H"
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
INSERT INTO login_failures AS f (address_hash, attempts, expires_at) VALUES ($1, 1, $2)
ON CONFLICT (address_hash) DO UPDATE SET
    attempts = CASE WHEN f.expires_at <= $3 THEN 1 ELSE f.attempts + 1 END,
    expires_at = CASE WHEN f.expires_at <= $4 THEN $5 ELSE f.expires_at END
RETURNING address_hash, attempts, expires_at
-- $1 = "\\xe3fe315c8988daa5c8bacbae5fd0bb273232155c6dc9c8055c2e184e73dcee9f"
-- $2 = "2026-11-25 19:40:08.155997+00"
-- $3 = "2026-11-25 19:25:08.155997+00"
-- $4 = "2026-11-25 19:25:08.155997+00"
-- $5 = "2026-11-25 19:40:08.155997+00"

-- as system
DELETE FROM login_failures AS l
WHERE l.address_hash = $1 OR l.expires_at < $2
-- $1 = "\\xe3fe315c8988daa5c8bacbae5fd0bb273232155c6dc9c8055c2e184e73dcee9f"
-- $2 = "2026-11-25 19:25:08.581882+00"

-- as system
DELETE FROM account_sessions AS a
WHERE a.account_id = $1 AND a.expires_at <= $2
-- $1 = "1"
-- $2 = "2026-11-25 19:25:08.581261+00"

-- as system
INSERT INTO account_sessions (id, account_id, created_at, ends_at, expires_at)
VALUES ($1, $2, $3, $4, $5)
-- $1 = "3d3d5827-3b3c-4bdd-a76d-159e5c9bebfe"
-- $2 = "1"
-- $3 = "2026-11-25 19:25:08.581261+00"
-- $4 = "2026-11-26 07:25:08.581261+00"
-- $5 = "2026-11-25 21:25:08.581261+00"

-- as system
SELECT d.xml
FROM data_protection_keys AS d
ORDER BY d.id

-- as system
INSERT INTO data_protection_keys (friendly_name, xml)
VALUES ($1, $2)
RETURNING id
-- $1 = "key-925bd411-b12a-4a1a-b46f-daa788b0ce83"
-- $2 = "<key id=\"925bd411-b12a-4a1a-b46f-daa788b0ce83\" version=\"1\"><creationDate>2026-11-25T19:25:08.6452936Z</creationDate><activationDate>2026-11-25T19:25:08.6452936Z</activationDate><expirationDate>2027-02-23T19:25:08.6452936Z</expirationDate><descriptor deserializerType=\"Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel.AuthenticatedEncryptorDescriptorDeserializer, Microsoft.AspNetCore.DataProtection, Version=10.0.0.0, Culture=neutral, PublicKeyToken=adb9793829ddae60\"><descriptor><encryption algorithm=\"AES_256_CBC\" /><validation algorithm=\"HMACSHA256\" /><masterKey p4:requiresEncryption=\"true\" xmlns:p4=\"http://schemas.asp.net/2015/03/dataProtection\"><!-- Warning: the key below is in an unencrypted form. --><value>not kept</value></masterKey></descriptor></descriptor></key>"

-- as system
SELECT s.expires_at, s.ends_at, s.id, s.email, s.name, s.is_system_admin, s.id0, b.business_id, b.account_id, b.role
FROM (
    SELECT a.expires_at, a.ends_at, a0.id, a0.email, a0.name, a0.is_system_admin, a.id AS id0, a.account_id
    FROM account_sessions AS a
    INNER JOIN accounts AS a0 ON a.account_id = a0.id
    WHERE a.id = $1 AND a.expires_at > $2 AND a0.disabled_at IS NULL
    LIMIT 2
) AS s
LEFT JOIN business_members AS b ON s.account_id = b.account_id
ORDER BY s.id0, s.id, b.business_id
-- $1 = "3d3d5827-3b3c-4bdd-a76d-159e5c9bebfe"
-- $2 = "2026-11-25 19:25:08.744066+00"

-- as system
SELECT b.id, b.name, b.business_type, b.phone_e164, b.whatsapp_number, b.is_active, b.last_activity_at
FROM businesses AS b
WHERE b.id > 0
ORDER BY b.id
LIMIT $1
-- $1 = "26"

-- as system
SELECT b.id, b.name, b.business_type, b.phone_e164, b.whatsapp_number, b.is_active, b.last_activity_at
FROM businesses AS b
WHERE b.id > 0 AND b.name ILIKE $1 ESCAPE '\'
ORDER BY b.id
LIMIT $2
-- $1 = "%a%"
-- $2 = "3"

-- as system
SELECT b.id, b.name, b.business_type, b.phone_e164, b.whatsapp_number, b.is_active, b.last_activity_at
FROM businesses AS b
WHERE b.id > 0 AND (b.name ILIKE $1 ESCAPE '\' OR b.phone_e164 LIKE $2 OR b.whatsapp_number LIKE $2)
ORDER BY b.id
LIMIT $3
-- $1 = "%050-1234%"
-- $2 = "%501234%"
-- $3 = "26"

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
-- $3 = "757"

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
-- $3 = "760"

-- as business 1001
SELECT EXISTS (
    SELECT 1
    FROM businesses AS b
    WHERE b.id = $1)
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
-- $3 = "769"

-- as business 1001
DELETE FROM faq_entries
WHERE id = $1 AND xmin = $2
-- $1 = "42"
-- $2 = "772"

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
WHERE a.business_id = $1 AND a.id < 9223372036854775807
ORDER BY a.id DESC
LIMIT $2
-- $1 = "1001"
-- $2 = "26"

-- as system
SELECT b.id, b.name, b.business_type, b.phone_e164, b.whatsapp_number, b.is_active, b.last_activity_at
FROM businesses AS b
WHERE b.id > 0 AND b.id = ANY ($1) AND b.name ILIKE $2 ESCAPE '\'
ORDER BY b.id
LIMIT $3
-- $1 = "{1001}"
-- $2 = "%a%"
-- $3 = "26"

-- as system
SELECT b.name
FROM businesses AS b
WHERE b.id = ANY ($1)
-- $1 = "{1001}"

-- as system
UPDATE accounts AS a
SET password_hash = $1,
    security_stamp = $2
WHERE a.id = $3
-- $1 = "AQAAAAIAAzRQAAAAEFSsCWZJnz+u7UTd73PBPtwl3fDZytSbv4DjDhXRS3TbfnNT89ptjMA0hjR594Zx3g=="
-- $2 = "f3b9bb8ca0cd45f4b39ef7de4149d907"
-- $3 = "4"

-- as system
DELETE FROM account_sessions AS a
WHERE a.account_id = $1 AND a.id <> $2
-- $1 = "4"
-- $2 = "d38148ec-df99-4d72-9be9-33da15eeb385"

-- as system
INSERT INTO refresh_tokens (hash, created_at, session_id, used_at)
VALUES ($1, $2, $3, $4)
-- $1 = "\\xc6a96b5faf622be72c3e069a1bd71156a9c2a9cae49604b8e82577951a6b3f58"
-- $2 = "2026-11-25 19:25:11.198708+00"
-- $3 = "7101e322-e25c-40cc-a281-2ac682c5e520"
-- $4 = null

-- as system
UPDATE refresh_tokens AS r
SET used_at = $1
WHERE r.hash = $2 AND r.used_at IS NULL
-- $1 = "2026-11-25 19:25:11.243787+00"
-- $2 = "\\xc6a96b5faf622be72c3e069a1bd71156a9c2a9cae49604b8e82577951a6b3f58"

-- as system
SELECT r.session_id
FROM refresh_tokens AS r
WHERE r.hash = $1
LIMIT 2
-- $1 = "\\xc6a96b5faf622be72c3e069a1bd71156a9c2a9cae49604b8e82577951a6b3f58"

-- as system
SELECT a.id, a.account_id, a.created_at, a.ends_at, a.expires_at
FROM account_sessions AS a
INNER JOIN accounts AS a0 ON a.account_id = a0.id
WHERE a.id = $1 AND a.expires_at > $2 AND a0.disabled_at IS NULL
LIMIT 2
-- $1 = "7101e322-e25c-40cc-a281-2ac682c5e520"
-- $2 = "2026-11-25 19:25:11.243787+00"

-- as system
UPDATE account_sessions SET expires_at = $1
WHERE id = $2
-- $1 = "2026-12-02 19:25:11.243787+00"
-- $2 = "7101e322-e25c-40cc-a281-2ac682c5e520"

-- as system
DELETE FROM account_sessions AS a
WHERE a.id = $1
-- $1 = "7101e322-e25c-40cc-a281-2ac682c5e520"

-- as system
DELETE FROM account_sessions AS a
WHERE a.account_id = $1
-- $1 = "4"

-- as system
UPDATE accounts AS a
SET disabled_at = COALESCE(a.disabled_at, $1)
WHERE a.id = $2
-- $1 = "2026-11-25 19:25:11.303151+00"
-- $2 = "4"

-- as system
UPDATE accounts AS a
SET disabled_at = NULL
WHERE a.id = $1
-- $1 = "4"

-- as nobody
SELECT CASE
  WHEN bool_or(held.rolsuper) THEN format('%I is a superuser', current_user)
  WHEN bool_or(held.rolbypassrls) THEN format('%I may bypass row-level security', current_user)
  WHEN bool_or(held.oid = (SELECT datdba FROM pg_database WHERE datname = current_database())) THEN format('%I owns the database', current_user)
  WHEN bool_or(EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relowner = held.oid))
    THEN format('%I owns tables', current_user)
END
FROM pg_roles held WHERE pg_has_role(current_user, held.oid, 'MEMBER')

-- as system
SELECT EXISTS (
    SELECT 1
    FROM accounts AS a
    WHERE a.is_system_admin)

-- as system
DELETE FROM setup_codes AS s
WHERE s.expires_at <= $1
-- $1 = "2026-11-25 19:25:14.37917+00"

-- as system
SELECT EXISTS (
    SELECT 1
    FROM setup_codes AS s)

-- as system
INSERT INTO setup_codes (id, expires_at, hash)
VALUES ($1, $2, $3)
-- $1 = "1"
-- $2 = "2026-11-25 20:25:14.37917+00"
-- $3 = "\\x573a632455c5f41f1f22d15908abbad09472cae91175cb73dbe67ab99546e04c"

-- as system
DELETE FROM setup_codes AS s
WHERE s.hash = $1 AND s.expires_at > $2
-- $1 = "\\x573a632455c5f41f1f22d15908abbad09472cae91175cb73dbe67ab99546e04c"
-- $2 = "2026-11-25 19:25:15.065448+00"
