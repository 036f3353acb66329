-- Delete some of the oldest messages before an id, with their answers and all that was reported and tried of them; nothing that is
-- still to be sent, nor what that answers. What came in, from the phone app too, is returned, to be known again by its hash.
WITH old AS (
    SELECT m.id FROM messages m
    WHERE m.id < %(before)s AND m.due_at IS NULL
      AND NOT EXISTS (SELECT FROM messages a WHERE a.tenant_id = m.tenant_id AND a.in_reply_to_id = m.id AND a.due_at IS NOT NULL)
    ORDER BY m.id LIMIT %(at_most)s
), gone AS (
    SELECT m.id FROM messages m
    WHERE m.id IN (SELECT id FROM old
                   UNION ALL
                   SELECT a.id FROM old JOIN messages q ON q.id = old.id
                   JOIN messages a ON a.tenant_id = q.tenant_id AND a.in_reply_to_id = q.id)
      AND m.due_at IS NULL
    ORDER BY m.id FOR UPDATE
), statuses AS (DELETE FROM message_statuses WHERE message_id IN (SELECT id FROM gone)),
   attempts AS (DELETE FROM message_attempts WHERE message_id IN (SELECT id FROM gone)),
   resends AS (DELETE FROM message_resends WHERE message_id IN (SELECT id FROM gone))
DELETE FROM messages WHERE id IN (SELECT id FROM gone)
RETURNING tenant_id, channel_id, external_id, direction = 'inbound' OR origin = 'phone_app' AS came_in
