-- Lease due replies: of each tenant that has some, in turn from one on, its share, the oldest
-- first. Tenants that have enough under way are passed over.
WITH RECURSIVE in_turn AS (
    (SELECT tenant_id, 1 AS place FROM deferred_replies
     WHERE due_at IS NOT NULL AND tenant_id > %(after)s ORDER BY tenant_id LIMIT 1)
    UNION ALL
    SELECT following.tenant_id, in_turn.place + 1
    FROM in_turn CROSS JOIN LATERAL (
        SELECT tenant_id FROM deferred_replies
        WHERE due_at IS NOT NULL AND tenant_id > in_turn.tenant_id
        ORDER BY tenant_id LIMIT 1) following
    WHERE in_turn.place < %(at_most)s
), with_room AS (
    SELECT tenant_id, place, greatest(1, %(at_most)s / count(*) OVER ()) AS share
    FROM in_turn WHERE NOT tenant_id = ANY(%(full)s::uuid[])
), mine AS (
    SELECT due.id
    FROM with_room CROSS JOIN LATERAL (
        SELECT id FROM deferred_replies
        WHERE tenant_id = with_room.tenant_id AND due_at <= statement_timestamp()
        ORDER BY due_at LIMIT with_room.share
        FOR NO KEY UPDATE SKIP LOCKED) due
    ORDER BY with_room.place LIMIT %(at_most)s
)
UPDATE deferred_replies reply
SET lease = %(lease)s,
    due_at = statement_timestamp() + make_interval(secs => %(seconds)s)
FROM mine WHERE reply.id = mine.id
RETURNING reply.id, reply.tenant_id, reply.message_id, reply.conversation_id, reply.strategy,
          reply.settings::text, reply.deadline, reply.attempts, reply.lease
