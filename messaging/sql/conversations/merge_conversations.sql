-- Move all messages into one conversation, in the order in which they were written; both
-- conversations and their messages are locked. The other conversation stays as an alias, in which
-- nobody is waited for.
WITH merged AS (
    SELECT greatest(kept.last_seq, gone.last_seq) AS base, gone.last_message_at,
           gone.last_inbound_at, gone.window_closes_at, gone.replies_paused_until, gone.reply_to,
           gone.waiting_because, gone.waiting_note, gone.waiting_since,
           gone.owner, gone.owner_told_by, gone.owner_told_at, gone.owner_since, gone.owner_until,
           coalesce(gone.owner_told_at > coalesce(kept.owner_told_at, '-infinity'), false) AS owns,
           CASE WHEN kept.waiting_since IS NOT NULL AND kept.replies_paused_until > now()
                THEN 'kept'
                WHEN gone.waiting_since IS NOT NULL AND gone.replies_paused_until > now()
                THEN 'gone' END AS waits
    FROM conversations kept, conversations gone
    WHERE kept.id = %(into_id)s AND gone.id = %(conversation_id)s
      AND kept.tenant_id = %(tenant_id)s AND gone.tenant_id = kept.tenant_id
), in_order AS (
    SELECT message.id, 2 * row_number() OVER (
        ORDER BY coalesce(question.sent_at, message.sent_at, message.created_at),
                 coalesce(question.id, message.id), message.seq) AS place
    FROM messages message
    LEFT JOIN messages question
        ON question.tenant_id = message.tenant_id AND question.id = message.in_reply_to_id
    WHERE message.tenant_id = %(tenant_id)s
      AND message.conversation_id IN (%(conversation_id)s, %(into_id)s) AND message.seq >= 0
), moved AS (
    -- A message of a shared history has its place by time already; one that comes over draws the
    -- random part of its place anew (place_in_history).
    UPDATE messages message
    SET conversation_id = %(into_id)s, seq = CASE
        WHEN in_order.place IS NOT NULL THEN base + in_order.place
        WHEN message.conversation_id = %(into_id)s THEN message.seq
        ELSE (message.seq >> 12 << 12) + floor(4096 * random())::int END
    FROM messages every CROSS JOIN merged LEFT JOIN in_order ON in_order.id = every.id
    WHERE message.id = every.id AND every.tenant_id = %(tenant_id)s
      AND every.conversation_id IN (%(conversation_id)s, %(into_id)s)
    RETURNING message.seq
), owners AS (
    UPDATE conversation_owner_changes SET conversation_id = %(into_id)s
    WHERE tenant_id = %(tenant_id)s AND conversation_id = %(conversation_id)s
), orders AS (
    UPDATE thread_orders SET conversation_id = %(into_id)s
    WHERE tenant_id = %(tenant_id)s AND conversation_id = %(conversation_id)s
      AND (ended_at IS NOT NULL OR NOT EXISTS (
          SELECT FROM thread_orders
          WHERE tenant_id = %(tenant_id)s AND conversation_id = %(into_id)s AND ended_at IS NULL))
), replies AS (
    UPDATE deferred_replies SET conversation_id = %(into_id)s
    WHERE tenant_id = %(tenant_id)s AND conversation_id = %(conversation_id)s
), alias AS (
    UPDATE conversations SET merged_into_id = %(into_id)s, status = 'closed',
        waiting_because = '', waiting_note = '', waiting_since = NULL, replies_paused_until = NULL
    WHERE id = %(conversation_id)s
)
UPDATE conversations kept
SET reply_to = CASE
        WHEN kept.reply_to = '' OR merged.last_inbound_at > kept.last_inbound_at
        THEN merged.reply_to ELSE kept.reply_to END,
    last_seq = greatest(base, (SELECT max(seq) FROM moved)) + 2,
    last_message_at = greatest(kept.last_message_at, merged.last_message_at),
    last_inbound_at = greatest(kept.last_inbound_at, merged.last_inbound_at),
    window_closes_at = greatest(kept.window_closes_at, merged.window_closes_at),
    replies_paused_until = greatest(kept.replies_paused_until, merged.replies_paused_until),
    waiting_because = CASE waits
        WHEN 'kept' THEN kept.waiting_because WHEN 'gone' THEN merged.waiting_because ELSE '' END,
    waiting_note = CASE waits
        WHEN 'kept' THEN kept.waiting_note WHEN 'gone' THEN merged.waiting_note ELSE '' END,
    waiting_since = CASE waits
        WHEN 'kept' THEN kept.waiting_since WHEN 'gone' THEN merged.waiting_since END,
    owner = CASE WHEN owns THEN merged.owner ELSE kept.owner END,
    owner_told_by = CASE WHEN owns THEN merged.owner_told_by ELSE kept.owner_told_by END,
    owner_told_at = CASE WHEN owns THEN merged.owner_told_at ELSE kept.owner_told_at END,
    owner_since = CASE WHEN owns THEN merged.owner_since ELSE kept.owner_since END,
    owner_until = greatest(kept.owner_until, merged.owner_until)
FROM merged
WHERE kept.id = %(into_id)s
