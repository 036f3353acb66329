-- Which message each status speaks of: by external id, else by our reference, else by an earlier status of the same id (that of
-- an attempt before a resend); always on a channel the status came for.
SELECT DISTINCT ON (e.index) e.index, m.id AS message_id, m.channel_id
FROM unnest(%(indexes)s::int[], %(channel_ids)s::uuid[], %(external_ids)s::text[], %(message_ids)s::uuid[])
     AS e(index, channel_id, external_id, message_id)
CROSS JOIN LATERAL (
    SELECT id, channel_id, 1 AS preference FROM messages
    WHERE channel_id = e.channel_id AND external_id = e.external_id AND direction = 'outbound'
    UNION ALL
    SELECT id, channel_id, 2 FROM messages
    WHERE id = e.message_id AND channel_id = e.channel_id AND direction = 'outbound'
    UNION ALL
    SELECT s.message_id, s.channel_id, 3 FROM message_statuses s
    WHERE s.channel_id = e.channel_id AND s.external_id = e.external_id AND s.message_id IS NOT NULL
) m
ORDER BY e.index, m.preference
