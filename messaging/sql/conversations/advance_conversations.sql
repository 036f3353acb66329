-- Count what arrived and move each conversation's times forward, never back. The conversations are
-- locked.
UPDATE conversations conversation
SET last_seq = conversation.last_seq + arrived.taken,
    status = 'open',
    reply_to = CASE
        WHEN arrived.reply_to = '' OR arrived.inbound_at < conversation.last_inbound_at
        THEN conversation.reply_to ELSE arrived.reply_to END,
    last_message_at = greatest(conversation.last_message_at, arrived.message_at),
    last_inbound_at = greatest(conversation.last_inbound_at, arrived.inbound_at),
    window_closes_at = greatest(conversation.window_closes_at, arrived.window_closes_at),
    replies_paused_until = greatest(conversation.replies_paused_until, arrived.paused_until)
FROM unnest(%(ids)s::uuid[], %(taken)s::int[], %(reply_to)s::text[], %(message_at)s::timestamptz[],
            %(inbound_at)s::timestamptz[], %(window_closes_at)s::timestamptz[],
            %(paused_until)s::timestamptz[])
    AS arrived(id, taken, reply_to, message_at, inbound_at, window_closes_at, paused_until)
WHERE conversation.id = arrived.id
