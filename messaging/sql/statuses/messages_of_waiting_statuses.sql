-- Messages that became known while a status of theirs was being stored as waiting; only what came lately can have raced.
SELECT DISTINCT m.id
FROM message_statuses s
JOIN messages m ON m.channel_id = s.channel_id AND m.external_id = s.external_id AND m.direction = 'outbound'
WHERE s.message_id IS NULL AND s.recorded_at > now() - interval '10 minutes'
