-- The next deliveries after an id, each with whether its bytes may name any of these words: as they
-- are, or with any of ASCII's own characters written as an escape, \u0020 to \u007f.
SELECT delivery.id,
       EXISTS (
           SELECT FROM unnest(%(words)s::bytea[]) word WHERE position(word IN delivery.body) > 0
       ) OR position('\\u00'::bytea IN delivery.body) > 0 AND EXISTS (
           SELECT FROM generate_series(2, 7) digit
           WHERE position(convert_to('\u00' || digit, 'UTF8') IN delivery.body) > 0
       ) AS is_named
FROM (
    SELECT id, body FROM webhook_deliveries
    WHERE id > %(after)s ORDER BY id LIMIT %(at_most)s
) delivery
ORDER BY delivery.id
