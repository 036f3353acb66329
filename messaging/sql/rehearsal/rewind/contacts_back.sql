-- Take contacts that stay back to the username and the word on marketing that they had, as far as
-- their history tells, and let those be free who were blocked since.
WITH usernames AS (
    SELECT DISTINCT ON (contact_id) contact_id, old FROM rehearsal.undone_changes
    WHERE what = 'username' ORDER BY contact_id, id
), marketing AS (
    SELECT DISTINCT change.contact_id, earlier.what, earlier.recorded_at
    FROM rehearsal.undone_changes change
    LEFT JOIN LATERAL (
        SELECT what, recorded_at FROM contact_changes
        WHERE tenant_id = change.tenant_id AND contact_id = change.contact_id
          AND what IN ('marketing_stopped', 'marketing_resumed')
          AND id NOT IN (SELECT id FROM rehearsal.undone_changes)
        ORDER BY id DESC LIMIT 1
    ) earlier ON true
    WHERE change.what IN ('marketing_stopped', 'marketing_resumed')
), blocked AS (
    SELECT DISTINCT ON (block.contact_id) block.contact_id, earlier.blocked_at
    FROM rehearsal.span
    JOIN rehearsal.blocks block ON block.at >= span.since
    LEFT JOIN LATERAL (
        SELECT blocked_at FROM rehearsal.blocks
        WHERE contact_id = block.contact_id AND at < span.since ORDER BY id DESC LIMIT 1
    ) earlier ON true
), changed AS (
    UPDATE contacts contact
    SET username = CASE
            WHEN usernames.contact_id IS NULL THEN contact.username ELSE usernames.old END,
        marketing_decided_at = CASE
            WHEN marketing.contact_id IS NULL THEN contact.marketing_decided_at
            ELSE marketing.recorded_at END,
        marketing_opted_out_at = CASE
            WHEN marketing.contact_id IS NULL THEN contact.marketing_opted_out_at
            WHEN marketing.what = 'marketing_stopped' THEN marketing.recorded_at END,
        blocked_at = CASE
            WHEN blocked.contact_id IS NULL THEN contact.blocked_at ELSE blocked.blocked_at END
    FROM contacts every
    LEFT JOIN usernames ON usernames.contact_id = every.id
    LEFT JOIN marketing ON marketing.contact_id = every.id
    LEFT JOIN blocked ON blocked.contact_id = every.id
    WHERE every.id = contact.id
      AND coalesce(usernames.contact_id, marketing.contact_id, blocked.contact_id) IS NOT NULL
    RETURNING contact.id
)
SELECT count(*) AS rows FROM changed
