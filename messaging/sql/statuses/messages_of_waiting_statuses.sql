-- Messages that became known while a status of theirs was being stored as waiting: of the statuses
-- that were recorded between two moments, the oldest first, and so many at most. Returns one row:
-- `looked_at`, how many statuses there were, `reached`, when the last of them was recorded.
WITH waiting AS (
    SELECT channel_id, external_id, recorded_at FROM message_statuses
    WHERE message_id IS NULL AND recorded_at > %(after)s AND recorded_at <= %(until)s
    ORDER BY recorded_at LIMIT %(at_most)s
)
SELECT count(*) AS looked_at, max(waiting.recorded_at) AS reached,
       coalesce(array_agg(message.id) FILTER (WHERE message.id IS NOT NULL), '{}') AS message_ids
FROM waiting LEFT JOIN LATERAL (
    SELECT id FROM messages
    WHERE channel_id = waiting.channel_id AND external_id = waiting.external_id
      AND direction = 'outbound'
    OFFSET 0
) message ON true
