-- Learn from answers how fast their channels may send. Each answer proves a slot more. A wish for
-- fewer messages halves rate and slots and lets the channel rest; where it is the account's wish,
-- the account's other channels, too. Rates come back slowly.
WITH answers AS (
    SELECT * FROM unnest(%(channel_ids)s::uuid[], %(answered)s::int[], %(rests)s::interval[],
                         %(with_account)s::bool[])
        AS answer(channel_id, answered, rest, with_account)
), affected AS (
    -- The channels that answered, and those of an account that asked for fewer.
    SELECT channel.id AS channel_id, max(answers.rest) AS rest,
           sum(answers.answered) FILTER (WHERE channel.id = answers.channel_id) AS answered
    FROM answers
    JOIN channels own ON own.id = answers.channel_id
    JOIN channels channel ON channel.id = own.id
        OR (answers.with_account AND channel.tenant_id = own.tenant_id
            AND channel.kind = own.kind AND channel.account_id = own.account_id)
    GROUP BY channel.id
), locked AS (
    SELECT pace.id, channel.messages_per_second AS rate, affected.rest,
           coalesce(affected.answered, 0) AS answered
    FROM channel_paces pace
    JOIN affected USING (channel_id)
    JOIN channels channel ON channel.id = pace.channel_id
    ORDER BY pace.id FOR NO KEY UPDATE OF pace SKIP LOCKED
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
