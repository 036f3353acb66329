-- Lease messages of the claimed channels that can be sent now: the first that waits of each
-- conversation, within what the channel's pace, this process's room for it and its share of the
-- lease allow. The channels' rows of channel_paces are locked.
-- A channel that may not send now (parked, or its tenant suspended) is not paced: the mark sets its
-- messages aside. A message behind a held one is leased, too; one behind any other is looked at
-- later, as wait_behind.sql says, so that no lease meets it again.
-- OFFSET 0 has each look-up made by its index for one row after the other, whatever the planner
-- believes to wait.
WITH claimed AS (
    SELECT pace.id AS pace_id, pace.channel_id, wanted.room,
           channel.status = 'live' AND tenant.status = 'active' AS is_sending,
           least(pace.slowed_to, channel.messages_per_second) AS rate,
           CASE WHEN channel.connected_at > pace.leased_at THEN now() ELSE pace.ready_at END
               AS rests_until,
           CASE WHEN pace.proven_at > now() - interval '2 seconds' THEN pace.slots ELSE 2 END
               AS slots
    FROM unnest(%(channel_ids)s::uuid[], %(room)s::int[]) AS wanted(channel_id, room)
    CROSS JOIN LATERAL (
        SELECT * FROM channel_paces WHERE channel_id = wanted.channel_id OFFSET 0
    ) pace
    CROSS JOIN LATERAL (SELECT * FROM channels WHERE id = wanted.channel_id OFFSET 0) channel
    CROSS JOIN LATERAL (SELECT status FROM tenants WHERE id = channel.tenant_id OFFSET 0) tenant
), under_way AS (
    -- What any process has in hand. A POST counts as over once fewer than over_after seconds are
    -- left until its outcome counts as lost.
    SELECT claimed.*, counted.in_hand
    FROM claimed CROSS JOIN LATERAL (
        SELECT count(*) AS in_hand FROM messages leased
        WHERE leased.channel_id = claimed.channel_id AND leased.lease IS NOT NULL
          AND leased.due_at > now() + make_interval(
              secs => CASE leased.status WHEN 'sending' THEN %(over_after)s ELSE 0 END)
    ) counted
), allowed AS (
    SELECT channel_id, CASE
        WHEN is_sending
        THEN greatest(0, least(room, slots - in_hand, ceil(rate * 0.25), %(share)s))
        ELSE %(share)s END::bigint AS at_most
    FROM under_way
), looked_at AS (
    -- some more than may be leased, so that those behind others do not hide the rest of a channel
    SELECT waiting.id, allowed.channel_id, allowed.at_most, before.messages AS before, before.until,
           row_number() OVER (
               PARTITION BY allowed.channel_id, before.messages = 0 ORDER BY waiting.due_at
           ) AS place
    FROM allowed CROSS JOIN LATERAL (
        SELECT id, conversation_id, seq, due_at FROM messages waiting
        WHERE waiting.channel_id = allowed.channel_id AND waiting.due_at < timestamptz '9999-01-01'
          AND waiting.due_at <= now() AND waiting.status = 'queued'
        ORDER BY waiting.due_at LIMIT 2 * allowed.at_most + 10
    ) waiting CROSS JOIN LATERAL (
        SELECT count(*) AS messages,
               max(due_at) FILTER (WHERE status = 'queued' AND lease IS NULL) AS until
        FROM (
            SELECT status, lease, due_at FROM messages earlier
            WHERE earlier.conversation_id = waiting.conversation_id
              AND earlier.due_at IS NOT NULL AND earlier.seq < waiting.seq
              AND earlier.status <> 'held'
            ORDER BY earlier.seq LIMIT 60
        ) earlier
    ) before
    WHERE allowed.at_most > 0
), due AS (
    SELECT message.id, channel_id, before, until
    FROM looked_at CROSS JOIN LATERAL (
        SELECT id FROM messages
        WHERE id = looked_at.id AND status = 'queued'
        FOR NO KEY UPDATE SKIP LOCKED
    ) message
    WHERE before > 0 OR place <= at_most
    -- those to be leased are never more than at_most together, and come first
    ORDER BY before > 0, place LIMIT %(at_most)s
), taken AS (
    SELECT channel_id, count(*) AS messages FROM due WHERE before = 0 GROUP BY channel_id
), paced AS (
    UPDATE channel_paces pace
    SET leased_at = now(),
        ready_at = CASE
            WHEN is_sending
            THEN greatest(rests_until, now() - interval '0.1 seconds')
                 + make_interval(secs => coalesce(taken.messages, 0) / rate)
            ELSE pace.ready_at END
    FROM claimed LEFT JOIN taken USING (channel_id)
    WHERE pace.id = claimed.pace_id
)
UPDATE messages
SET lease = CASE before WHEN 0 THEN %(lease)s::uuid END,
    due_at = CASE before
        WHEN 0 THEN now() + make_interval(secs => %(seconds)s)
        ELSE least(greatest(now() + before * interval '1 second', until),
                   now() + interval '1 minute') END
FROM due WHERE messages.id = due.id
RETURNING messages.id, messages.channel_id, messages.conversation_id, messages.seq, messages.lease
