-- Record the attempts of these replies as they were recorded.
INSERT INTO message_attempts
SELECT attempt.* FROM rehearsal.attempts attempt
WHERE attempt.message_id = ANY(%(ids)s::uuid[])
ON CONFLICT DO NOTHING
