-- Which message each status speaks of: by external id, else by our reference, else by an earlier
-- status of the same id (that of an attempt before a resend); always on a channel the status came
-- for.
SELECT DISTINCT ON (report.index) report.index, found.id AS message_id, found.channel_id
FROM unnest(%(indexes)s::int[], %(channel_ids)s::uuid[], %(external_ids)s::text[],
            %(message_ids)s::uuid[])
    AS report(index, channel_id, external_id, message_id)
CROSS JOIN LATERAL (
    SELECT id, channel_id, 1 AS preference FROM messages
    WHERE channel_id = report.channel_id AND external_id = report.external_id
      AND direction = 'outbound'
    UNION ALL
    SELECT id, channel_id, 2 FROM messages
    WHERE id = report.message_id AND channel_id = report.channel_id AND direction = 'outbound'
    UNION ALL
    SELECT earlier.message_id, earlier.channel_id, 3 FROM message_statuses earlier
    WHERE earlier.channel_id = report.channel_id AND earlier.external_id = report.external_id
      AND earlier.message_id IS NOT NULL
) found
ORDER BY report.index, found.preference
