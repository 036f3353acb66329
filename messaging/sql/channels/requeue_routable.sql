-- Requeue deliveries with items that waited for a channel which is connected now. Each number that
-- is waited for is looked up once, however much waits for it. A delivery that is still being
-- recorded is left alone: its later items would be finished without the earlier.
WITH RECURSIVE numbers AS (
    (SELECT kind, channel_external_id FROM dead_letters WHERE cause = 'unroutable'
     ORDER BY kind, channel_external_id LIMIT 1)
    UNION ALL
    SELECT later.kind, later.channel_external_id FROM numbers CROSS JOIN LATERAL (
        SELECT kind, channel_external_id FROM dead_letters letter
        WHERE cause = 'unroutable'
          AND (letter.kind, letter.channel_external_id)
              > (numbers.kind, numbers.channel_external_id)
        ORDER BY kind, channel_external_id LIMIT 1
    ) later
), mine AS (
    SELECT id FROM webhook_deliveries
    WHERE processed_at IS NOT NULL AND id IN (
        SELECT letter.delivery_id FROM numbers
        JOIN channels channel
            ON channel.kind = numbers.kind AND channel.external_id = numbers.channel_external_id
            AND channel.status = ANY(%(routable)s) AND channel.connected_at IS NOT NULL
        JOIN dead_letters letter
            ON letter.cause = 'unroutable' AND letter.kind = numbers.kind
            AND letter.channel_external_id = numbers.channel_external_id
        LIMIT 1000
    )
    ORDER BY id FOR NO KEY UPDATE
), again AS (
    DELETE FROM dead_letters letter USING mine
    WHERE letter.delivery_id = mine.id AND letter.cause = 'unroutable'
)
UPDATE webhook_deliveries delivery
SET due_at = now(), waits_since = now(), processed_at = NULL, attempts = 0
FROM mine WHERE delivery.id = mine.id
RETURNING delivery.id
