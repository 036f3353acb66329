-- Settle orders of unknown outcome by the next word about the owner of their thread: it fits what
-- was ordered, or it does not. After a release anybody may be next. A provider's moments are whole
-- seconds.
UPDATE thread_orders thread_order
SET status = CASE
        WHEN thread_order.action = 'release'
             OR (thread_order.action = 'take' AND word.owner = 'us')
             OR (thread_order.action = 'pass' AND word.owner = 'other')
        THEN 'done' ELSE 'failed' END,
    error = CASE
        WHEN thread_order.action = 'release'
             OR (thread_order.action = 'take' AND word.owner = 'us')
             OR (thread_order.action = 'pass' AND word.owner = 'other')
        THEN '' ELSE 'The next word about the thread says that it did not happen.' END
FROM unnest(%(conversation_ids)s::uuid[], %(owners)s::text[], %(moments)s::timestamptz[])
    AS word(conversation_id, owner, at)
WHERE thread_order.conversation_id = word.conversation_id AND thread_order.status = 'unknown'
  AND date_trunc('second', thread_order.begun_at) <= word.at
