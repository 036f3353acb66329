-- All messages into one conversation, in the order in which they were written; both conversations and their messages are locked.
-- What a shared history holds has its place by time already; what comes over draws its chance anew (place_in_history). The other
-- conversation stays as an alias.
WITH both_of_them AS (
    SELECT greatest(kept.last_seq, gone.last_seq) AS base, gone.last_message_at, gone.last_inbound_at, gone.window_closes_at,
           gone.replies_paused_until, gone.reply_to
    FROM conversations kept, conversations gone
    WHERE kept.id = %(into_id)s AND gone.id = %(conversation_id)s AND kept.tenant_id = %(tenant_id)s AND gone.tenant_id = kept.tenant_id
), in_order AS (
    SELECT m.id, 2 * row_number() OVER (ORDER BY coalesce(question.sent_at, m.sent_at, m.created_at), coalesce(question.id, m.id), m.seq) AS place
    FROM messages m LEFT JOIN messages question ON question.tenant_id = m.tenant_id AND question.id = m.in_reply_to_id
    WHERE m.tenant_id = %(tenant_id)s AND m.conversation_id IN (%(conversation_id)s, %(into_id)s) AND m.seq >= 0
), moved AS (
    UPDATE messages m
    SET conversation_id = %(into_id)s, seq = CASE
        WHEN in_order.place IS NOT NULL THEN base + in_order.place
        WHEN m.conversation_id = %(into_id)s THEN m.seq
        ELSE (m.seq >> 12 << 12) + floor(4096 * random())::int END
    FROM messages every CROSS JOIN both_of_them LEFT JOIN in_order ON in_order.id = every.id
    WHERE m.id = every.id AND every.tenant_id = %(tenant_id)s AND every.conversation_id IN (%(conversation_id)s, %(into_id)s)
    RETURNING m.seq
), gone AS (
    UPDATE conversations SET merged_into_id = %(into_id)s, status = 'closed' WHERE id = %(conversation_id)s
)
UPDATE conversations c
SET reply_to = CASE WHEN c.reply_to = '' OR o.last_inbound_at > c.last_inbound_at THEN o.reply_to ELSE c.reply_to END,
    last_seq = greatest(base, (SELECT max(seq) FROM moved)) + 2,
    last_message_at = greatest(c.last_message_at, o.last_message_at),
    last_inbound_at = greatest(c.last_inbound_at, o.last_inbound_at),
    window_closes_at = greatest(c.window_closes_at, o.window_closes_at),
    replies_paused_until = greatest(c.replies_paused_until, o.replies_paused_until)
FROM both_of_them o
WHERE c.id = %(into_id)s
