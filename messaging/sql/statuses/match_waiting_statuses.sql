-- Give these messages the statuses that came before their external ids were known.
WITH found AS (
    SELECT report.id, message.id AS message_id
    FROM messages message
    JOIN message_statuses report
        ON report.channel_id = message.channel_id AND report.external_id = message.external_id
    WHERE message.id = ANY(%(ids)s) AND report.message_id IS NULL
    ORDER BY report.id FOR NO KEY UPDATE OF report
)
UPDATE message_statuses report SET message_id = found.message_id
FROM found WHERE report.id = found.id
RETURNING report.message_id
