-- Count what arrived and move each conversation's times forward, never back. The conversations are
-- locked. The owner of a shared channel's thread is what the caller found the newest word to be.
UPDATE conversations conversation
SET last_seq = conversation.last_seq + arrived.taken,
    status = CASE WHEN arrived.is_open THEN 'open' ELSE conversation.status END,
    reply_to = CASE
        WHEN arrived.reply_to = '' OR arrived.inbound_at < conversation.last_inbound_at
        THEN conversation.reply_to ELSE arrived.reply_to END,
    last_message_at = greatest(conversation.last_message_at, arrived.message_at),
    last_inbound_at = greatest(conversation.last_inbound_at, arrived.inbound_at),
    window_closes_at = greatest(conversation.window_closes_at, arrived.window_closes_at),
    replies_paused_until = greatest(conversation.replies_paused_until, arrived.paused_until),
    waiting_because = CASE WHEN is_taken THEN '' ELSE conversation.waiting_because END,
    waiting_note = CASE WHEN is_taken THEN '' ELSE conversation.waiting_note END,
    waiting_since = CASE WHEN is_taken THEN NULL ELSE conversation.waiting_since END,
    owner = coalesce(arrived.owner, conversation.owner),
    owner_told_by = coalesce(arrived.owner_told_by, conversation.owner_told_by),
    owner_told_at = coalesce(arrived.owner_told_at, conversation.owner_told_at),
    owner_since = coalesce(arrived.owner_since, conversation.owner_since),
    owner_until = coalesce(arrived.owner_until, conversation.owner_until)
FROM unnest(%(ids)s::uuid[], %(taken)s::int[], %(is_open)s::bool[], %(reply_to)s::text[],
            %(message_at)s::timestamptz[], %(inbound_at)s::timestamptz[],
            %(window_closes_at)s::timestamptz[], %(paused_until)s::timestamptz[],
            %(is_taken)s::bool[], %(owner)s::text[], %(owner_told_by)s::text[],
            %(owner_told_at)s::timestamptz[], %(owner_since)s::timestamptz[],
            %(owner_until)s::timestamptz[])
    AS arrived(id, taken, is_open, reply_to, message_at, inbound_at, window_closes_at,
               paused_until, is_taken, owner, owner_told_by, owner_told_at, owner_since,
               owner_until)
WHERE conversation.id = arrived.id
