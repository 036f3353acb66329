-- Keep what the play needs of the recording: what became of the replies, and what our own side did
-- meanwhile.
CREATE INDEX ON rehearsal.deliveries (processed_at, id);
ANALYZE rehearsal.deliveries;

CREATE UNLOGGED TABLE rehearsal.answers AS
SELECT question.channel_id AS question_channel_id, question.external_id AS question_external_id,
       answer.id, answer.status, answer.external_id, answer.attempts, answer.error_code,
       answer.error, answer.due_at, answer.lease, answer.sent_at, answer.created_at
FROM rehearsal.deliveries delivery
JOIN messages question ON question.delivery_id = delivery.id
JOIN messages answer
    ON answer.tenant_id = question.tenant_id AND answer.in_reply_to_id = question.id;
CREATE UNIQUE INDEX ON rehearsal.answers (question_channel_id, question_external_id);

CREATE UNLOGGED TABLE rehearsal.attempts AS
SELECT attempt.* FROM message_attempts attempt JOIN rehearsal.answers answer
    ON answer.id = attempt.message_id;
CREATE INDEX ON rehearsal.attempts (message_id);

-- How messages ended that a strategy may take its time for: answered, left to people or neither.
-- One that the contact's next message superseded is superseded anew.
CREATE UNLOGGED TABLE rehearsal.endings AS
SELECT question.channel_id AS question_channel_id, question.external_id AS question_external_id,
       coalesce(reply.ended_at, answer.created_at, delivery.processed_at) AS at,
       CASE WHEN answer.id IS NOT NULL THEN 'answered'
            WHEN reply.outcome <> '' THEN reply.outcome
            WHEN question.unanswered IN ('failed', 'late', 'people') THEN 'left'
            ELSE 'unanswered' END AS outcome,
       question.unanswered,
       CASE question.unanswered WHEN 'failed' THEN 'failed' WHEN 'late' THEN 'timeout'
            ELSE 'strategy' END AS because,
       CASE tenant.handover_hours WHEN 0 THEN timestamptz '9999-01-01'
            ELSE coalesce(reply.ended_at, delivery.processed_at)
                 + make_interval(hours => tenant.handover_hours) END AS peoples_until,
       answer.kind, answer.text, answer.preview, answer.origin, answer.raw, answer.attachment_id,
       answer.recipient, answer.expires_at
FROM rehearsal.deliveries delivery
JOIN messages question ON question.delivery_id = delivery.id AND question.direction = 'inbound'
JOIN tenants tenant ON tenant.id = question.tenant_id
LEFT JOIN messages answer
    ON answer.tenant_id = question.tenant_id AND answer.in_reply_to_id = question.id
LEFT JOIN deferred_replies reply
    ON reply.tenant_id = question.tenant_id AND reply.message_id = question.id
WHERE (answer.id IS NOT NULL OR question.unanswered NOT IN ('', 'burst'));
CREATE INDEX ON rehearsal.endings (at);

-- Conversations that people took over from automation, or gave back; what a strategy left to people
-- is decided anew, and what they took by writing in the provider's app comes with its delivery.
-- `because`: what is waited for, empty: a person has it, or automation.
CREATE UNLOGGED TABLE rehearsal.pauses AS
SELECT event.occurred_at AS at, event.number, event.stream_id AS conversation_id,
       CASE WHEN event.data ->> 'to' = 'people' THEN CASE tenant.handover_hours
           WHEN 0 THEN timestamptz '9999-01-01'
           ELSE event.occurred_at + make_interval(hours => tenant.handover_hours) END
       END AS until,
       CASE event.data ->> 'because' WHEN 'order' THEN 'order' ELSE '' END AS because
FROM events event JOIN tenants tenant ON tenant.id = event.tenant_id
WHERE event.type = 'conversation.handed_over'
  AND coalesce(event.data ->> 'because', '') IN ('', 'order', 'taken')
  AND NOT EXISTS (
      SELECT FROM messages written
      WHERE written.tenant_id = event.tenant_id
        AND written.id = (event.data ->> 'message_id')::uuid AND written.origin = 'phone_app');
CREATE INDEX ON rehearsal.pauses (at);
CREATE INDEX ON rehearsal.pauses (conversation_id);

-- Contacts that staff or the business's software blocked, or unblocked.
CREATE UNLOGGED TABLE rehearsal.blocks AS
SELECT change.recorded_at AS at, change.id, change.contact_id,
       CASE change.what WHEN 'blocked' THEN change.recorded_at END AS blocked_at
FROM contact_changes change WHERE change.what IN ('blocked', 'unblocked');
CREATE INDEX ON rehearsal.blocks (at);

CREATE UNLOGGED TABLE rehearsal.resettled (id uuid PRIMARY KEY);

-- Words about a thread's owner that came of our own orders and messages.
CREATE UNLOGGED TABLE rehearsal.words AS
SELECT word.* FROM rehearsal.span
JOIN conversation_owner_changes word ON word.recorded_at >= span.settled_at
WHERE word.told_by IN ('we_passed', 'we_released', 'we_took', 'refused');
CREATE INDEX ON rehearsal.words (recorded_at);

-- What goes with the deliveries: their messages, with the replies to them.
CREATE UNLOGGED TABLE rehearsal.gone_messages AS
SELECT message.id, message.conversation_id FROM rehearsal.deliveries delivery
JOIN messages message ON message.delivery_id = delivery.id
UNION
SELECT answer.id, answer.conversation_id FROM rehearsal.deliveries delivery
JOIN messages question ON question.delivery_id = delivery.id
JOIN messages answer
    ON answer.tenant_id = question.tenant_id AND answer.in_reply_to_id = question.id;
CREATE UNIQUE INDEX ON rehearsal.gone_messages (id);
ANALYZE rehearsal.gone_messages;

-- Their conversations, but for those that our own side has touched, too.
CREATE UNLOGGED TABLE rehearsal.gone_conversations AS
SELECT conversation.id, conversation.contact_id, conversation.merged_into_id
FROM rehearsal.span JOIN conversations conversation ON conversation.id >= span.first_id
WHERE NOT EXISTS (
        SELECT FROM messages message
        WHERE message.tenant_id = conversation.tenant_id
          AND message.conversation_id = conversation.id
          AND message.id NOT IN (SELECT id FROM rehearsal.gone_messages))
  AND NOT EXISTS (
        SELECT FROM thread_orders
        WHERE thread_orders.tenant_id = conversation.tenant_id
          AND thread_orders.conversation_id = conversation.id)
  AND conversation.id NOT IN (SELECT conversation_id FROM rehearsal.pauses)
  AND NOT EXISTS (
        SELECT FROM conversations alias, rehearsal.span
        WHERE alias.merged_into_id = conversation.id AND alias.id < span.first_id);
CREATE UNIQUE INDEX ON rehearsal.gone_conversations (id);
ANALYZE rehearsal.gone_conversations;

-- Contacts that only the deliveries made.
CREATE UNLOGGED TABLE rehearsal.gone_contacts AS
WITH own AS (
    SELECT contact.id, contact.merged_into_id FROM rehearsal.span
    JOIN contacts contact ON contact.id >= span.first_id
    WHERE contact.saved_name = '' AND contact.attributes = '{}' AND contact.blocked_at IS NULL
      AND NOT EXISTS (
          SELECT FROM contact_changes change
          WHERE change.tenant_id = contact.tenant_id AND change.by <> ''
            AND contact.id IN (change.contact_id, change.other_id))
      AND NOT EXISTS (
          SELECT FROM conversations conversation
          WHERE conversation.tenant_id = contact.tenant_id AND conversation.contact_id = contact.id
            AND conversation.id NOT IN (SELECT id FROM rehearsal.gone_conversations))
)
SELECT own.id FROM own
WHERE NOT EXISTS (
    SELECT FROM contacts alias
    WHERE alias.merged_into_id = own.id AND alias.id NOT IN (SELECT id FROM own));
CREATE UNIQUE INDEX ON rehearsal.gone_contacts (id);
ANALYZE rehearsal.gone_contacts;

-- People who were known before, and found to be one since: nobody knows any more what was whose, so
-- they stay one, and are not compared.
CREATE UNLOGGED TABLE rehearsal.merged_contacts AS
SELECT DISTINCT unnest(ARRAY[change.contact_id, change.other_id]) AS id
FROM rehearsal.span
JOIN contact_changes change ON change.what = 'merged' AND change.recorded_at >= span.since
WHERE change.other_id NOT IN (SELECT id FROM rehearsal.gone_contacts);

-- What the deliveries told of contacts that stay.
CREATE UNLOGGED TABLE rehearsal.undone_changes AS
SELECT change.* FROM rehearsal.deliveries delivery
JOIN contact_changes change ON change.delivery_id = delivery.id
WHERE change.by = ''
  AND change.contact_id NOT IN (SELECT id FROM rehearsal.merged_contacts)
  AND (change.other_id IS NULL
       OR change.other_id NOT IN (SELECT id FROM rehearsal.merged_contacts));
ANALYZE rehearsal.undone_changes;

-- A contact by the first of its ids, and a conversation by its channel, contact and group.
CREATE VIEW rehearsal.people AS
SELECT contact_id, min(kind || ' ' || value) AS name,
       jsonb_object_agg(kind || ' ' || value, jsonb_build_array(is_active, account_id)) AS ids
FROM contact_identities
WHERE contact_id NOT IN (SELECT id FROM rehearsal.merged_contacts)
GROUP BY contact_id;

CREATE VIEW rehearsal.threads AS
SELECT conversation.id,
       concat_ws(' ', channel_id, people.name, nullif(group_external_id, '')) AS name
FROM conversations conversation JOIN rehearsal.people USING (contact_id);
