-- Lock these channels' paces, in the order given, but for those that somebody holds locked.
SELECT pace.channel_id
FROM unnest(%(channel_ids)s::uuid[]) AS asked(channel_id)
CROSS JOIN LATERAL (
    SELECT channel_id FROM channel_paces
    WHERE channel_id = asked.channel_id
    FOR NO KEY UPDATE SKIP LOCKED
) pace
