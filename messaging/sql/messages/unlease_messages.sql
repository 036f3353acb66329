-- Give back what was leased and not marked.
WITH mine AS (
    SELECT id FROM messages
    WHERE lease = %(lease)s AND status = 'queued'
    ORDER BY id FOR NO KEY UPDATE
)
UPDATE messages SET lease = NULL, due_at = now() FROM mine WHERE messages.id = mine.id
