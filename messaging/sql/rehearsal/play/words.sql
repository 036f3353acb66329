-- What our own side told of owners between these moments, in order.
SELECT conversation_id, owner, told_by, note, by, occurred_at FROM rehearsal.words
WHERE recorded_at > %(after)s::timestamptz AND recorded_at <= %(until)s::timestamptz
ORDER BY recorded_at, id
