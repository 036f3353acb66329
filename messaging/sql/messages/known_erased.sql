-- Which of these were erased.
SELECT x.channel_id, x.hash
FROM unnest(%(channel_ids)s::uuid[], %(hashes)s::bytea[]) AS e(channel_id, hash)
JOIN erased_messages x ON x.channel_id = e.channel_id AND x.hash = e.hash
