-- Let these conversations, which are locked, wait for a person, unless they do already. Returns
-- those that did not.
UPDATE conversations conversation
SET waiting_because = given.because, waiting_note = given.note,
    waiting_since = statement_timestamp(),
    replies_paused_until = greatest(conversation.replies_paused_until, given.until)
FROM unnest(%(ids)s::uuid[], %(because)s::text[], %(note)s::text[],
            %(until)s::timestamptz[])
    AS given(id, because, note, until)
WHERE conversation.id = given.id
  AND (conversation.waiting_since IS NULL
       OR conversation.replies_paused_until <= statement_timestamp())
RETURNING conversation.id, conversation.tenant_id, conversation.channel_id,
          conversation.contact_id, conversation.waiting_because
