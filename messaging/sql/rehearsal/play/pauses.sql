-- Hand conversations over, or back, as people did between these moments.
WITH last AS (
    SELECT DISTINCT ON (conversation_id) conversation_id, until FROM rehearsal.pauses
    WHERE at > %(after)s::timestamptz AND at <= %(until)s::timestamptz
    ORDER BY conversation_id, number DESC
)
UPDATE conversations conversation SET replies_paused_until = last.until
FROM last WHERE conversation.id = last.conversation_id
