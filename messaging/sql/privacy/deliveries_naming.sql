-- The next deliveries after an id, each with whether its bytes may name any of these words: as they
-- are, or in any way that JSON has to write letters and digits otherwise.
SELECT delivery.id,
       position('\\u00'::bytea IN delivery.body) > 0 OR EXISTS (
           SELECT FROM unnest(%(words)s::bytea[]) word WHERE position(word IN delivery.body) > 0
       ) AS is_named
FROM (
    SELECT id, body FROM webhook_deliveries
    WHERE id > %(after)s ORDER BY id LIMIT %(at_most)s
) delivery
ORDER BY delivery.id
