-- Take the messages that lost statuses back to what their last attempt came to, or to what they
-- were when the provider showed them to us. What a person settled stays. Returns how many.
WITH before AS (
    SELECT message.id, coalesce(attempt.outcome, 'sent') AS status,
           coalesce(attempt.error_code, '') AS error_code, coalesce(attempt.error, '') AS error
    FROM rehearsal.resettled
    JOIN messages message ON message.id = resettled.id
    LEFT JOIN message_attempts attempt
        ON attempt.message_id = message.id AND attempt.number = message.attempts
    WHERE (attempt.outcome IN ('accepted', 'failed', 'unknown')
           OR message.origin IN ('phone_app', 'responder') AND NOT message.is_history)
      AND message.due_at IS NULL
      AND NOT EXISTS (
          SELECT FROM message_settlements settlement WHERE settlement.message_id = message.id)
), changed AS (
    UPDATE messages message
    SET status = before.status, error_code = before.error_code, error = before.error,
        sent_twice_at = NULL
    FROM before WHERE message.id = before.id
    RETURNING message.id
)
SELECT count(*) AS rows FROM changed
