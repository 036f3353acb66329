-- Lease the oldest due deliveries, as many as fit into max_bytes (one at least). The attempt counts before the work begins; one that
-- was begun before, and may have killed its process, is leased alone, so that it takes no other with it.
WITH due AS (
    SELECT id, due_at, attempts, octet_length(body) AS size FROM webhook_deliveries
    WHERE due_at <= now()
    ORDER BY due_at, id LIMIT %(at_most)s
    FOR UPDATE SKIP LOCKED
), placed AS (
    SELECT id, attempts, row_number() OVER w AS place, sum(size) OVER w - size AS before, first_value(attempts) OVER w AS first
    FROM due WINDOW w AS (ORDER BY due_at, id)
)
UPDATE webhook_deliveries d
SET due_at = now() + make_interval(secs => %(seconds)s), attempts = d.attempts + 1
FROM placed p
WHERE d.id = p.id AND (p.place = 1 OR (p.first = 0 AND p.attempts = 0 AND p.before < %(max_bytes)s))
RETURNING d.id, d.kind, d.body, d.received_at, d.attempts
