-- Statuses that came before these messages' external ids were known.
WITH found AS (
    SELECT s.id, m.id AS message_id
    FROM messages m
    JOIN message_statuses s ON s.channel_id = m.channel_id AND s.external_id = m.external_id
    WHERE m.id = ANY(%(ids)s) AND s.message_id IS NULL
    ORDER BY s.id FOR NO KEY UPDATE OF s
)
UPDATE message_statuses s SET message_id = found.message_id FROM found WHERE s.id = found.id
RETURNING s.message_id
