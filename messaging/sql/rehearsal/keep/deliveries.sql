-- Choose the deliveries that are played: processed ones, but for those that a process did not
-- survive, and those of which erasing has left nothing. Returns how many are, and are not.
WITH came AS (
    SELECT delivery.id, delivery.processed_at,
           processed_at IS NOT NULL AND body <> '' AND letter.id IS NULL AS is_played
    FROM rehearsal.span
    JOIN webhook_deliveries delivery ON delivery.id >= span.first_id
    LEFT JOIN dead_letters letter ON letter.delivery_id = delivery.id AND letter.position = -1
), played AS (
    INSERT INTO rehearsal.deliveries (id, processed_at)
    SELECT id, processed_at FROM came WHERE is_played
)
SELECT count(*) FILTER (WHERE is_played) AS played,
       count(*) FILTER (WHERE NOT is_played) AS left_out
FROM came
