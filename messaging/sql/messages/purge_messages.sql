-- Delete some of a tenant's oldest messages before an id, with their answers and all that was
-- reported and tried of them; nothing that is still to be sent, nor what that answers. Returns them
-- all; what came in, from the phone app too, is to be known again by its hash.
WITH old AS (
    SELECT message.id FROM messages message
    WHERE message.tenant_id = %(tenant_id)s AND message.id < %(before)s
      AND message.due_at IS NULL
      AND NOT EXISTS (
          SELECT FROM messages answer
          WHERE answer.tenant_id = message.tenant_id AND answer.in_reply_to_id = message.id
            AND answer.due_at IS NOT NULL)
    ORDER BY message.id LIMIT %(at_most)s
), gone AS (
    SELECT message.id FROM messages message
    WHERE message.id IN (
        SELECT id FROM old
        UNION ALL
        SELECT answer.id FROM old JOIN messages question ON question.id = old.id
        JOIN messages answer
            ON answer.tenant_id = question.tenant_id AND answer.in_reply_to_id = question.id)
      AND message.due_at IS NULL
    ORDER BY message.id FOR UPDATE
), statuses AS (
    DELETE FROM message_statuses WHERE message_id IN (SELECT id FROM gone)
), attempts AS (
    DELETE FROM message_attempts WHERE message_id IN (SELECT id FROM gone)
), resends AS (
    DELETE FROM message_resends WHERE message_id IN (SELECT id FROM gone)
), settlements AS (
    DELETE FROM message_settlements WHERE message_id IN (SELECT id FROM gone)
), deferred AS (
    DELETE FROM deferred_replies WHERE message_id IN (SELECT id FROM gone)
)
DELETE FROM messages WHERE id IN (SELECT id FROM gone)
RETURNING tenant_id, channel_id, external_id,
          direction = 'inbound' OR origin IN ('phone_app', 'responder') AS came_in
