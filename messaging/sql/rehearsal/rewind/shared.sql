-- Conversations with an owner that were told of one since, in portions.
SELECT conversation.id FROM conversations conversation, rehearsal.span
WHERE conversation.owner <> '' AND conversation.id > %(after)s::uuid
  AND (conversation.owner_told_at >= span.since
       OR conversation.id IN (SELECT conversation_id FROM rehearsal.gone_messages))
ORDER BY conversation.id LIMIT %(at_most)s::int
