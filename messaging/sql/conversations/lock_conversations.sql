-- The conversations that exist for these (channel, contact, group), locked in id order.
SELECT c.id, c.tenant_id, c.channel_id, c.contact_id, c.group_external_id, c.last_seq, c.last_inbound_at, c.replies_paused_until
FROM unnest(%(channel_ids)s::uuid[], %(contact_ids)s::uuid[], %(groups)s::text[]) AS e(channel_id, contact_id, group_external_id)
JOIN conversations c USING (channel_id, contact_id, group_external_id)
ORDER BY c.id FOR NO KEY UPDATE OF c
