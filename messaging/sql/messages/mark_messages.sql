-- Decide, right before the POST, what becomes of leased messages. Losing the lease meanwhile changes the row, and it drops out;
-- one that somebody holds locked stays leased until its lease has run out.
-- `sending` is due again when its outcome counts as lost; `held` when somebody releases it. What waits behind a held one is held;
-- what waits behind another, because that was released meanwhile, goes back. Outside the window, which opens with the contact's
-- first message, only templates may be sent; a group has none. By a parked channel only its probe leaves.
WITH verdicts AS (
    SELECT m.id, coalesce(u.external_id, '') AS file_id, CASE
        WHEN c.status = 'disconnected' THEN 'disconnected'
        WHEN p.blocked_at IS NOT NULL THEN 'blocked'
        WHEN m.is_marketing AND p.marketing_opted_out_at IS NOT NULL THEN 'opted out'
        WHEN m.expires_at <= clock_timestamp() THEN 'expired'
        WHEN m.kind <> 'template' AND v.group_external_id = ''
             AND coalesce(v.window_closes_at, '-infinity') <= clock_timestamp() THEN 'expired'
        WHEN t.status <> 'active' OR (c.status <> 'live' AND probe.id IS NULL) THEN 'held'
        WHEN m.attachment_id IS NOT NULL AND u.id IS NULL THEN 'uploading'
        WHEN before.statuses = ARRAY['held'] THEN 'behind'
        WHEN before.statuses IS NOT NULL THEN 'queued'
        ELSE 'sending' END AS verdict
    FROM messages m
    JOIN channels c ON c.id = m.channel_id
    JOIN tenants t ON t.id = m.tenant_id
    JOIN conversations v ON v.id = m.conversation_id
    JOIN contacts p ON p.id = v.contact_id
    LEFT JOIN media_uploads u ON u.media_id = m.attachment_id AND u.channel_id = m.channel_id
        AND u.expires_at > clock_timestamp() + interval '1 minute'
    LEFT JOIN channel_probes probe ON probe.channel_id = m.channel_id AND probe.message_id = m.id AND probe.attempts = m.attempts
    CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT e.status::text) AS statuses FROM messages e
        WHERE e.conversation_id = m.conversation_id AND e.due_at IS NOT NULL AND e.seq < m.seq
    ) before
    WHERE m.id = ANY(%(ids)s) AND m.lease = %(lease)s AND m.status = 'queued'
    ORDER BY m.id FOR NO KEY UPDATE OF m SKIP LOCKED
), meanings(verdict, status, error) AS (VALUES
    ('disconnected', 'cancelled', 'The channel was disconnected before it was sent.'),
    ('blocked', 'cancelled', 'The contact is blocked.'),
    ('opted out', 'cancelled', 'The contact wants no marketing.'),
    ('expired', 'expired', 'It was too old to be sent, or the window to answer had closed.'),
    ('held', 'held', 'It waits until the channel is repaired or the tenant active.'),
    ('uploading', 'held', 'It waits until its file is uploaded.'),
    ('behind', 'held', 'It waits for the message before it.'),
    ('queued', 'queued', NULL),
    ('sending', 'sending', NULL)
)
UPDATE messages m
SET status = meanings.status,
    lease = CASE WHEN verdict = 'sending' THEN m.lease END,
    attempts = m.attempts + (verdict = 'sending')::int,
    due_at = CASE verdict
        WHEN 'queued' THEN clock_timestamp()
        WHEN 'sending' THEN clock_timestamp() + make_interval(secs => %(unknown_after)s)
        WHEN 'held' THEN timestamptz '9999-01-01'
        WHEN 'uploading' THEN timestamptz '9999-01-01'
        WHEN 'behind' THEN timestamptz '9999-01-01' END,
    error = coalesce(meanings.error, m.error)
FROM verdicts JOIN meanings USING (verdict) WHERE m.id = verdicts.id
RETURNING m.id, m.tenant_id, m.channel_id, m.conversation_id, m.status, m.attempts, m.recipient, m.text, m.raw,
          m.quoted_external_id, verdicts.file_id
