-- Settle orders of unknown outcome of these conversations by the newest word about their owner: it
-- fits what was ordered, or it does not. After a release anybody may be next.
WITH settled AS (
    SELECT unknown.id, unknown.action = 'release'
           OR (unknown.action = 'take' AND conversation.owner = 'us')
           OR (unknown.action = 'pass' AND conversation.owner = 'other') AS fits
    FROM unnest(%(tenant_ids)s::uuid[], %(conversation_ids)s::uuid[])
        AS asked(tenant_id, conversation_id)
    CROSS JOIN LATERAL (
        SELECT tenant_id, id, owner, owner_told_at FROM conversations
        WHERE id = asked.conversation_id AND tenant_id = asked.tenant_id OFFSET 0
    ) conversation
    CROSS JOIN LATERAL (
        SELECT id, action FROM thread_orders
        WHERE tenant_id = conversation.tenant_id AND conversation_id = conversation.id
          AND status = 'unknown' AND begun_at < conversation.owner_told_at
        OFFSET 0
    ) unknown
)
UPDATE thread_orders thread_order
SET status = CASE WHEN settled.fits THEN 'done' ELSE 'failed' END,
    error = CASE
        WHEN settled.fits THEN ''
        ELSE 'The next word about the thread says that it did not happen.' END
FROM settled WHERE thread_order.id = settled.id
