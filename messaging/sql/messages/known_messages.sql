-- Which of these are stored already, each with its row.
SELECT known.id, known.channel_id, known.external_id, known.origin
FROM unnest(%(channel_ids)s::uuid[], %(external_ids)s::text[]) AS asked(channel_id, external_id)
CROSS JOIN LATERAL (
    SELECT id, channel_id, external_id, origin FROM messages
    WHERE channel_id = asked.channel_id AND external_id = asked.external_id OFFSET 0
) known
