-- Delete the deliveries' messages and the replies to them, with what was tried and ordered of them.
-- Their statuses are gone. Returns how many messages.
WITH attempts AS (
    DELETE FROM message_attempts WHERE message_id IN (SELECT id FROM rehearsal.gone_messages)
), resends AS (
    DELETE FROM message_resends WHERE message_id IN (SELECT id FROM rehearsal.gone_messages)
), settlements AS (
    DELETE FROM message_settlements WHERE message_id IN (SELECT id FROM rehearsal.gone_messages)
), deferred AS (
    DELETE FROM deferred_replies WHERE message_id IN (SELECT id FROM rehearsal.gone_messages)
), gone AS (
    DELETE FROM messages WHERE id IN (SELECT id FROM rehearsal.gone_messages) RETURNING id
)
SELECT count(*) AS rows FROM gone
