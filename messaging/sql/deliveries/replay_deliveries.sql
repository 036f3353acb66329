-- Process deliveries once more from their bytes; what was set aside of them is decided anew. One
-- that is being processed is left alone.
WITH mine AS (
    SELECT id FROM webhook_deliveries WHERE id = ANY(%(ids)s) AND processed_at IS NOT NULL
      AND NOT (body = '' AND redacted_at IS NOT NULL)
    ORDER BY id FOR NO KEY UPDATE
), again AS (
    DELETE FROM dead_letters letter USING mine WHERE letter.delivery_id = mine.id
)
UPDATE webhook_deliveries delivery
SET due_at = now(), waits_since = now(), processed_at = NULL, attempts = 0, error = ''
FROM mine WHERE delivery.id = mine.id
RETURNING delivery.id
