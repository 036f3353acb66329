-- Note what is rehearsed, and until when deliveries that had come before were still recorded.
INSERT INTO rehearsal.span (since, first_id, settled_at)
SELECT %(since)s::timestamptz, %(first_id)s::uuid,
       greatest(%(since)s::timestamptz, max(processed_at))
FROM webhook_deliveries
WHERE id < %(first_id)s::uuid AND processed_at >= %(since)s::timestamptz
  AND waits_since < %(since)s::timestamptz
