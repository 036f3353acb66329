-- Count what arrived and move each conversation's times forward, never back. The conversations are locked.
UPDATE conversations c
SET last_seq = c.last_seq + e.taken,
    status = 'open',
    last_message_at = greatest(c.last_message_at, e.inbound_at),
    last_inbound_at = greatest(c.last_inbound_at, e.inbound_at),
    window_closes_at = greatest(c.window_closes_at, e.window_closes_at)
FROM unnest(%(ids)s::uuid[], %(taken)s::int[], %(inbound_at)s::timestamptz[], %(window_closes_at)s::timestamptz[])
     AS e(id, taken, inbound_at, window_closes_at)
WHERE c.id = e.id
