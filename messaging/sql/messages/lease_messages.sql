-- Lease sendable messages of the claimed channels: what each one's pace, the messages of it in hand anywhere, this process's
-- room and its share of the lease allow; only the first waiting one of a conversation. What may not be sent now (channel parked,
-- tenant suspended) is leased without a limit of pace: its mark sets it aside. One behind a held one is leased too.
-- A POST is over when its message's loss is less than over_after seconds away.
WITH claimed AS (
    SELECT p.channel_id, c.status = 'live' AND t.status = 'active' AS is_sending, e.room,
           least(p.slowed_to, c.messages_per_second) AS rate,
           CASE WHEN c.connected_at > p.leased_at THEN now() ELSE p.ready_at END AS rests_until,
           CASE WHEN p.proven_at > now() - interval '2 seconds' THEN p.slots ELSE 2 END - in_hand.messages AS slots
    FROM unnest(%(channel_ids)s::uuid[], %(room)s::int[]) AS e(channel_id, room)
    JOIN channel_paces p ON p.channel_id = e.channel_id
    JOIN channels c ON c.id = e.channel_id
    JOIN tenants t ON t.id = c.tenant_id
    CROSS JOIN LATERAL (SELECT count(*) AS messages FROM messages m
                        WHERE m.channel_id = e.channel_id AND m.lease IS NOT NULL
                          AND m.due_at > now() + make_interval(secs => CASE m.status WHEN 'sending' THEN %(over_after)s ELSE 0 END)
                       ) in_hand
), due AS (
    SELECT mine.id, claimed.channel_id FROM claimed CROSS JOIN LATERAL (
        SELECT m.id FROM messages m
        WHERE m.channel_id = claimed.channel_id AND m.due_at < timestamptz '9999-01-01' AND m.due_at <= now() AND m.status = 'queued'
          AND NOT EXISTS (SELECT FROM messages e
                          WHERE e.conversation_id = m.conversation_id AND e.due_at IS NOT NULL AND e.seq < m.seq
                            AND e.status <> 'held')
        ORDER BY m.due_at
        LIMIT (CASE WHEN is_sending THEN greatest(0, least(room, slots, ceil(rate * 0.25), %(share)s)) ELSE %(share)s END)::bigint
        FOR NO KEY UPDATE SKIP LOCKED
    ) mine
    LIMIT %(at_most)s
), paced AS (
    UPDATE channel_paces p
    SET leased_at = now(),
        ready_at = CASE WHEN is_sending THEN greatest(rests_until, now() - interval '0.1 seconds')
                                             + make_interval(secs => coalesce(taken.messages, 0) / rate) ELSE p.ready_at END
    FROM claimed LEFT JOIN (SELECT channel_id, count(*) AS messages FROM due GROUP BY channel_id) taken USING (channel_id)
    WHERE p.channel_id = claimed.channel_id
)
UPDATE messages m SET lease = %(lease)s, due_at = now() + make_interval(secs => %(seconds)s)
FROM due WHERE m.id = due.id
RETURNING m.id, m.channel_id, m.conversation_id, m.seq
