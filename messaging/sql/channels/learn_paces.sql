-- Learn from answers how fast their channels may send. Each answer proves a slot more. A wish for
-- fewer messages halves rate and slots and lets the channel rest; where it is the account's wish,
-- the account's other channels, too. Rates come back slowly.
WITH answers AS (
    SELECT * FROM unnest(%(channel_ids)s::uuid[], %(answered)s::int[], %(rests)s::interval[],
                         %(with_account)s::bool[])
        AS answer(channel_id, answered, rest, with_account)
), told AS (
    -- The channels that answered, and the others of an account that asked for fewer. OFFSET 0 has
    -- each looked up by an index.
    SELECT channel_id, answered, rest FROM answers
    UNION ALL
    SELECT sibling.id, 0, answers.rest
    FROM (SELECT * FROM answers WHERE with_account) answers
    CROSS JOIN LATERAL (SELECT * FROM channels WHERE id = answers.channel_id OFFSET 0) own
    CROSS JOIN LATERAL (
        SELECT id FROM channels
        WHERE kind = own.kind AND account_id = own.account_id AND tenant_id = own.tenant_id
          AND id <> own.id OFFSET 0
    ) sibling
), affected AS (
    SELECT channel_id, max(rest) AS rest, sum(answered) AS answered FROM told GROUP BY channel_id
), locked AS (
    SELECT pace.id, channel.messages_per_second AS rate, affected.rest, affected.answered
    FROM (SELECT * FROM affected ORDER BY channel_id) affected
    CROSS JOIN LATERAL (
        SELECT messages_per_second FROM channels WHERE id = affected.channel_id OFFSET 0
    ) channel
    CROSS JOIN LATERAL (
        SELECT id FROM channel_paces WHERE channel_id = affected.channel_id
        FOR NO KEY UPDATE SKIP LOCKED
    ) pace
)
UPDATE channel_paces pace
SET slots = CASE
        WHEN rest IS NOT NULL THEN greatest(pace.slots / 2, 1)
        WHEN pace.proven_at > now() - interval '2 seconds' THEN least(pace.slots + answered, rate)
        ELSE least(2 + answered, rate) END,
    slowed_to = CASE
        WHEN rest IS NOT NULL THEN greatest(coalesce(pace.slowed_to, rate) / 2, 1)
        ELSE nullif(least(pace.slowed_to + 0.05 * answered, rate), rate) END,
    proven_at = CASE WHEN answered > 0 THEN now() ELSE pace.proven_at END,
    ready_at = greatest(pace.ready_at, now() + rest)
FROM locked WHERE pace.id = locked.id
