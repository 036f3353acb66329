-- Deliveries that came before this id and are not processed are due now, whoever had leased them.
-- Returns how many they are.
WITH mine AS (
    SELECT id FROM webhook_deliveries WHERE due_at IS NOT NULL AND id < %(before)s
    ORDER BY id FOR NO KEY UPDATE
), due AS (
    UPDATE webhook_deliveries delivery SET due_at = least(delivery.due_at, now())
    FROM mine WHERE delivery.id = mine.id RETURNING delivery.id
)
SELECT count(*) AS deliveries FROM due
