-- Messages that became known while a status of theirs was being stored as waiting; only what came
-- lately can have raced.
SELECT DISTINCT message.id
FROM message_statuses report
JOIN messages message
    ON message.channel_id = report.channel_id AND message.external_id = report.external_id
    AND message.direction = 'outbound'
WHERE report.message_id IS NULL AND report.recorded_at > now() - interval '10 minutes'
