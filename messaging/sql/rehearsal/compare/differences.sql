-- The first differences of a subject: rows of one pass alone, and rows that say something else.
WITH recorded AS (
    SELECT * FROM rehearsal.told WHERE subject = %(subject)s::text AND pass = 'recorded'
      AND (%(tenant_id)s::uuid IS NULL OR tenant_id = %(tenant_id)s::uuid)
), rehearsed AS (
    SELECT * FROM rehearsal.told WHERE subject = %(subject)s::text AND pass = 'rehearsed'
      AND (%(tenant_id)s::uuid IS NULL OR tenant_id = %(tenant_id)s::uuid)
)
SELECT recorded.said AS before, rehearsed.said AS after,
       coalesce(recorded.place, rehearsed.place) AS place
FROM recorded FULL JOIN rehearsed ON rehearsed.key = recorded.key
WHERE recorded.said IS DISTINCT FROM rehearsed.said
ORDER BY coalesce(recorded.key, rehearsed.key) LIMIT %(at_most)s::int
