-- Lease replies that are due, and whose deadline has passed.
WITH mine AS (
    SELECT id FROM deferred_replies
    WHERE due_at <= statement_timestamp() AND deadline <= statement_timestamp()
    ORDER BY deadline LIMIT %(at_most)s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE deferred_replies reply
SET lease = %(lease)s,
    due_at = statement_timestamp() + make_interval(secs => %(seconds)s)
FROM mine WHERE reply.id = mine.id
RETURNING reply.id, reply.tenant_id, reply.message_id, reply.conversation_id, reply.strategy,
          reply.settings::text, reply.deadline, reply.attempts, reply.lease
