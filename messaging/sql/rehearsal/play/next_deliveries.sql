-- The next deliveries in the order in which their transactions finished them.
SELECT id, processed_at FROM rehearsal.deliveries
WHERE (processed_at, id) > (%(after)s::timestamptz, %(after_id)s::uuid)
ORDER BY processed_at, id LIMIT 5000
