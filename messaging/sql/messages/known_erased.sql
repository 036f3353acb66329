-- Which of these were erased.
SELECT erased.channel_id, erased.hash
FROM unnest(%(channel_ids)s::uuid[], %(hashes)s::bytea[]) AS asked(channel_id, hash)
JOIN erased_messages erased ON erased.channel_id = asked.channel_id AND erased.hash = asked.hash
