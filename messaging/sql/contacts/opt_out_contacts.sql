-- The contacts of messages that were refused because they want no marketing; a later word of theirs stands.
WITH mine AS (
    SELECT c.id, max(m.created_at) AS decided_at
    FROM messages m JOIN conversations v ON v.id = m.conversation_id JOIN contacts c ON c.id = v.contact_id
    WHERE m.id = ANY(%(message_ids)s) GROUP BY c.id
), locked AS (
    SELECT c.id, mine.decided_at FROM contacts c JOIN mine USING (id) ORDER BY c.id FOR NO KEY UPDATE OF c SKIP LOCKED
)
UPDATE contacts c SET marketing_opted_out_at = locked.decided_at, marketing_decided_at = locked.decided_at
FROM locked WHERE c.id = locked.id AND coalesce(c.marketing_decided_at, '-infinity') < locked.decided_at
