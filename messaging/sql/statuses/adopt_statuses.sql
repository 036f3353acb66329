-- Statuses that were stored as nobody's find their message by what a later one of the same id has said. The messages are locked.
WITH named AS (
    SELECT DISTINCT ON (e.channel_id, e.external_id) e.*
    FROM unnest(%(channel_id)s::uuid[], %(external_id)s::text[], %(message_id)s::uuid[], %(attempt)s::int[])
         AS e(channel_id, external_id, message_id, attempt)
    ORDER BY e.channel_id, e.external_id, e.attempt NULLS LAST
), mine AS (
    SELECT s.id, named.message_id, named.attempt
    FROM named JOIN message_statuses s USING (channel_id, external_id)
    WHERE s.message_id IS NULL
    ORDER BY s.id FOR NO KEY UPDATE OF s
)
UPDATE message_statuses s SET message_id = mine.message_id, attempt = coalesce(s.attempt, mine.attempt)
FROM mine WHERE s.id = mine.id
