-- The conversations that exist for these (channel, contact, group), locked in id order.
SELECT conversation.id, conversation.tenant_id, channel_id, contact_id, group_external_id,
       conversation.status, conversation.last_seq, conversation.last_inbound_at,
       conversation.replies_paused_until, conversation.waiting_since, conversation.owner,
       conversation.owner_told_by, conversation.owner_told_at, conversation.owner_since,
       conversation.owner_until
FROM unnest(%(channel_ids)s::uuid[], %(contact_ids)s::uuid[], %(groups)s::text[])
    AS asked(channel_id, contact_id, group_external_id)
JOIN conversations conversation USING (channel_id, contact_id, group_external_id)
ORDER BY conversation.id FOR NO KEY UPDATE OF conversation
