-- Let the deliveries wait as if they had just come.
WITH waiting AS (
    UPDATE webhook_deliveries
    SET processed_at = NULL, due_at = now(), attempts = 0, recorded_items = 0, error = ''
    WHERE id IN (SELECT id FROM rehearsal.deliveries)
    RETURNING id
)
SELECT count(*) AS rows FROM waiting
