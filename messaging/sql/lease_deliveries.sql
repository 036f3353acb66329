-- Lease the oldest due deliveries, as many as fit into max_bytes (one at least). The attempt counts before the work begins.
WITH due AS (
    SELECT id, due_at, octet_length(body) AS size FROM webhook_deliveries
    WHERE due_at <= now()
    ORDER BY due_at, id LIMIT %(at_most)s
    FOR UPDATE SKIP LOCKED
), fitting AS (
    SELECT id, sum(size) OVER (ORDER BY due_at, id) - size AS before FROM due
)
UPDATE webhook_deliveries d
SET due_at = now() + make_interval(secs => %(seconds)s), attempts = d.attempts + 1
FROM fitting WHERE d.id = fitting.id AND fitting.before < %(max_bytes)s
RETURNING d.id, d.kind, d.body, d.received_at, d.attempts
