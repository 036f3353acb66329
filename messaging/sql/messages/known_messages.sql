-- Which of these are stored already.
SELECT m.channel_id, m.external_id
FROM unnest(%(channel_ids)s::uuid[], %(external_ids)s::text[]) AS e(channel_id, external_id)
JOIN messages m ON m.channel_id = e.channel_id AND m.external_id = e.external_id
