-- Decide, right before the POST, what becomes of leased messages. One that lost its lease meanwhile
-- drops out. One that somebody holds locked, or that a merge moved meanwhile, stays leased until
-- its lease runs out: `leased` has the new place of a moved one, but all else is read as it was
-- before the merge, `message` with the old place, too.
-- `sending` is due again when its outcome counts as lost; `held` when somebody releases it. A
-- message behind a held one is held, so the conversation keeps its order; one behind a message that
-- was just released returns to the queue.
-- `windowed`: the kinds of channels with a window, which opens with the contact's first message;
-- `exempt`: "KIND CONTENT" of what may be sent while it is closed (outbound/window.py). A group has
-- no window. By a parked channel only its probe leaves.
WITH leased AS (
    SELECT id, tenant_id, channel_id, conversation_id, kind, seq, attempts, attachment_id,
           is_marketing, origin, takes_thread, expires_at
    FROM messages WHERE id = ANY(%(ids)s) AND lease = %(lease)s AND status = 'queued'
    ORDER BY id FOR NO KEY UPDATE SKIP LOCKED
), verdicts AS (
    SELECT leased.id, leased.conversation_id, leased.seq,
           coalesce(upload.external_id, '') AS file_id, CASE
        WHEN channel.status = 'disconnected' THEN 'disconnected'
        WHEN contact.blocked_at IS NOT NULL THEN 'blocked'
        WHEN leased.is_marketing AND contact.marketing_opted_out_at IS NOT NULL THEN 'opted out'
        WHEN owner.name = 'other' AND NOT leased.takes_thread AND leased.kind <> 'template'
             THEN 'not ours'
        WHEN owner.name = 'nobody' AND leased.origin = 'automatic'
             AND channel.health -> 'thread_role' ->> 'value' = 'escalation'
             AND NOT channel.takes_idle_threads THEN 'nobodys'
        WHEN leased.expires_at <= clock_timestamp() THEN 'expired'
        WHEN channel.kind = ANY(%(windowed)s)
             AND NOT channel.kind || ' ' || leased.kind = ANY(%(exempt)s)
             AND conversation.group_external_id = ''
             AND coalesce(conversation.window_closes_at, '-infinity') <= clock_timestamp()
             THEN 'window closed'
        WHEN tenant.status <> 'active' THEN 'held'
        WHEN channel.status <> 'live' AND probe.id IS NULL THEN 'held'
        WHEN leased.attachment_id IS NOT NULL AND upload.id IS NULL THEN 'uploading'
        WHEN before.statuses = ARRAY['held'] THEN 'behind'
        WHEN before.statuses IS NOT NULL THEN 'queued'
        ELSE 'sending' END AS verdict
    FROM leased
    JOIN channels channel ON channel.id = leased.channel_id
    JOIN tenants tenant ON tenant.id = leased.tenant_id
    JOIN conversations conversation ON conversation.id = leased.conversation_id
    JOIN contacts contact ON contact.id = conversation.contact_id
    LEFT JOIN media_uploads upload
        ON upload.media_id = leased.attachment_id AND upload.channel_id = leased.channel_id
        AND upload.expires_at > clock_timestamp() + interval '1 minute'
    LEFT JOIN channel_probes probe
        ON probe.channel_id = leased.channel_id AND probe.message_id = leased.id
        AND probe.attempts = leased.attempts
    CROSS JOIN LATERAL (
        -- as thread_owner.py has it
        SELECT CASE
            WHEN conversation.owner <> '' AND clock_timestamp() >= CASE
                WHEN conversation.owner_until IS NULL
                     OR (conversation.owner_told_by = 'passed'
                         AND conversation.owner_until <= conversation.owner_told_at)
                THEN conversation.owner_told_at + interval '1 day'
                ELSE conversation.owner_until END
            THEN 'nobody' ELSE conversation.owner END AS name
    ) owner
    CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT earlier.status::text) AS statuses FROM messages earlier
        WHERE earlier.conversation_id = leased.conversation_id
          AND earlier.due_at IS NOT NULL AND earlier.seq < leased.seq
    ) before
), meanings(verdict, status, error) AS (VALUES
    ('disconnected', 'cancelled', 'The channel was disconnected before it was sent.'),
    ('blocked', 'cancelled', 'The contact is blocked.'),
    ('opted out', 'cancelled', 'The contact wants no marketing.'),
    ('not ours', 'cancelled', 'Another responder has the thread.'),
    ('nobodys', 'cancelled', 'Nobody has the thread any more, and the reply would take it.'),
    ('expired', 'expired', 'It was too old to be sent, or the window to answer had closed.'),
    ('window closed', 'expired', 'It was too old to be sent, or the window to answer had closed.'),
    ('held', 'held', 'It waits until the channel is repaired or the tenant active.'),
    ('uploading', 'held', 'It waits until its file is uploaded.'),
    ('behind', 'held', 'It waits for the message before it.'),
    ('queued', 'queued', NULL),
    ('sending', 'sending', NULL)
)
UPDATE messages message
SET status = meanings.status,
    lease = CASE WHEN meanings.status = 'sending' THEN message.lease END,
    attempts = message.attempts + (meanings.status = 'sending')::int,
    due_at = CASE meanings.status
        WHEN 'queued' THEN clock_timestamp()
        WHEN 'sending' THEN clock_timestamp() + make_interval(secs => %(unknown_after)s)
        WHEN 'held' THEN timestamptz '9999-01-01' END,
    error = coalesce(meanings.error, message.error)
FROM verdicts JOIN meanings USING (verdict)
WHERE message.id = verdicts.id
  AND message.conversation_id = verdicts.conversation_id AND message.seq = verdicts.seq
RETURNING message.id, message.tenant_id, message.channel_id, message.conversation_id,
          message.status, message.attempts, message.recipient, message.text, message.raw,
          message.quoted_external_id, verdicts.file_id
