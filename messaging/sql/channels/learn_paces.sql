-- What answers say of their channels: each one proves a slot more; a wish for fewer halves rate and slots and lets the channel
-- rest, with the other channels of its account where it is the account's. Rates come back slowly.
WITH said AS (
    SELECT c.id AS channel_id, sum(e.answered) FILTER (WHERE c.id = e.channel_id) AS answered, max(e.rest) AS rest
    FROM unnest(%(channel_ids)s::uuid[], %(answered)s::int[], %(rests)s::interval[], %(with_account)s::bool[])
         AS e(channel_id, answered, rest, with_account)
    JOIN channels own ON own.id = e.channel_id
    JOIN channels c ON c.id = own.id OR (e.with_account AND c.tenant_id = own.tenant_id AND c.kind = own.kind
                                         AND c.account_id = own.account_id)
    GROUP BY c.id
), mine AS (
    SELECT p.id, c.messages_per_second AS rate, coalesce(said.answered, 0) AS answered, said.rest
    FROM channel_paces p JOIN said USING (channel_id) JOIN channels c ON c.id = p.channel_id
    ORDER BY p.id FOR NO KEY UPDATE OF p SKIP LOCKED
)
UPDATE channel_paces p
SET slots = CASE WHEN rest IS NOT NULL THEN greatest(p.slots / 2, 1)
                 WHEN p.proven_at > now() - interval '2 seconds' THEN least(p.slots + answered, rate)
                 ELSE least(2 + answered, rate) END,
    slowed_to = CASE WHEN rest IS NOT NULL THEN greatest(coalesce(p.slowed_to, rate) / 2, 1)
                     ELSE nullif(least(p.slowed_to + 0.05 * answered, rate), rate) END,
    proven_at = CASE WHEN answered > 0 THEN now() ELSE p.proven_at END,
    ready_at = greatest(p.ready_at, now() + rest)
FROM mine WHERE p.id = mine.id
