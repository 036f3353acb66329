-- Opt out the contacts of messages that were refused because they want no marketing; what a contact
-- decided later stands. Returns the contacts that were not opted out before, and the messages whose
-- contact somebody else holds locked: their contacts are to be opted out again.
WITH refusing AS (
    SELECT contact.id, max(message.created_at) AS decided_at, array_agg(message.id) AS message_ids
    FROM messages message
    JOIN conversations conversation ON conversation.id = message.conversation_id
    JOIN contacts contact ON contact.id = conversation.contact_id
    WHERE message.id = ANY(%(message_ids)s)
      AND coalesce(contact.marketing_decided_at, '-infinity') < message.created_at
    GROUP BY contact.id
), locked AS (
    SELECT contact.id, refusing.decided_at,
           contact.marketing_opted_out_at IS NOT NULL AS was_opted_out
    FROM contacts contact JOIN refusing USING (id)
    ORDER BY contact.id FOR NO KEY UPDATE OF contact SKIP LOCKED
), opted_out AS (
    UPDATE contacts contact
    SET marketing_opted_out_at = locked.decided_at, marketing_decided_at = locked.decided_at
    FROM locked
    WHERE contact.id = locked.id
      AND coalesce(contact.marketing_decided_at, '-infinity') < locked.decided_at
    RETURNING contact.id, contact.tenant_id, locked.was_opted_out
)
SELECT NULL AS message_id, id AS contact_id, tenant_id FROM opted_out WHERE NOT was_opted_out
UNION ALL
SELECT unnest(message_ids), NULL, NULL FROM refusing WHERE id NOT IN (SELECT id FROM locked)
