-- Count what arrived and move each conversation's times forward, never back. The conversations are locked.
UPDATE conversations c
SET last_seq = c.last_seq + e.taken,
    status = 'open',
    reply_to = CASE WHEN e.reply_to = '' OR e.inbound_at < c.last_inbound_at THEN c.reply_to ELSE e.reply_to END,
    last_message_at = greatest(c.last_message_at, e.message_at),
    last_inbound_at = greatest(c.last_inbound_at, e.inbound_at),
    window_closes_at = greatest(c.window_closes_at, e.window_closes_at),
    replies_paused_until = greatest(c.replies_paused_until, e.paused_until)
FROM unnest(%(ids)s::uuid[], %(taken)s::int[], %(reply_to)s::text[], %(message_at)s::timestamptz[], %(inbound_at)s::timestamptz[],
            %(window_closes_at)s::timestamptz[], %(paused_until)s::timestamptz[])
     AS e(id, taken, reply_to, message_at, inbound_at, window_closes_at, paused_until)
WHERE c.id = e.id
