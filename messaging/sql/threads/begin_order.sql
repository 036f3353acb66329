-- Begin a queued order about a thread, if it is its turn: earlier messages of the conversation have
-- left, or wait for a repair rather than for their file, and fewer than per_minute orders were
-- begun within the last minute. One that waited too long expires. Returns the order's status.
WITH begun AS (
    SELECT count(*) AS lately FROM thread_orders WHERE begun_at > now() - interval '1 minute'
), asked AS (
    SELECT thread_order.id,
           thread_order.created_at < %(expires_before)s AS is_late,
           begun.lately >= %(per_minute)s OR EXISTS (
               SELECT FROM messages waiting
               WHERE waiting.conversation_id = thread_order.conversation_id
                 AND waiting.due_at IS NOT NULL
                 AND (waiting.status <> 'held' OR waiting.attachment_id IS NOT NULL)
                 AND waiting.created_at <= thread_order.created_at
           ) AS waits
    FROM thread_orders thread_order, begun
    WHERE thread_order.id = %(id)s AND thread_order.tenant_id = %(tenant_id)s
      AND thread_order.status = 'queued'
    FOR NO KEY UPDATE OF thread_order
), moved AS (
    UPDATE thread_orders thread_order
    SET status = CASE WHEN is_late THEN 'expired' ELSE 'sending' END,
        error = CASE WHEN is_late THEN %(expired)s ELSE '' END,
        begun_at = CASE WHEN is_late THEN NULL ELSE clock_timestamp() END,
        ended_at = CASE WHEN is_late THEN clock_timestamp() END
    FROM asked
    WHERE thread_order.id = asked.id AND (is_late OR NOT waits)
    RETURNING thread_order.id, thread_order.status
)
SELECT coalesce(moved.status, thread_order.status) AS status
FROM thread_orders thread_order LEFT JOIN moved USING (id)
WHERE thread_order.id = %(id)s AND thread_order.tenant_id = %(tenant_id)s
