-- Hand conversations over, or back, as people did between these moments.
WITH last AS (
    SELECT DISTINCT ON (conversation_id) conversation_id, until, because, at FROM rehearsal.pauses
    WHERE at > %(after)s::timestamptz AND at <= %(until)s::timestamptz
    ORDER BY conversation_id, number DESC
)
UPDATE conversations conversation
SET replies_paused_until = last.until, waiting_because = last.because, waiting_note = '',
    waiting_since = CASE WHEN last.because <> '' THEN last.at END
FROM last WHERE conversation.id = last.conversation_id
