-- Give the replies to these deliveries' messages what became of them in the recording, in place of
-- the provider's answer: the id under which statuses name them, and what their attempts came to.
WITH recorded AS (
    SELECT reply.id AS played_id, reply.tenant_id, answer.*, last_attempt.outcome,
           last_attempt.error_code AS attempt_code, last_attempt.error AS attempt_error,
           last_attempt.outcome IN ('accepted', 'failed', 'unknown') AS is_tried
    FROM unnest(%(delivery_ids)s::uuid[]) AS played(id)
    JOIN messages question ON question.delivery_id = played.id
    JOIN messages reply
        ON reply.tenant_id = question.tenant_id AND reply.in_reply_to_id = question.id
        AND reply.status = 'queued' AND reply.attempts = 0
    JOIN rehearsal.answers answer
        ON answer.question_channel_id = question.channel_id
        AND answer.question_external_id = question.external_id
    LEFT JOIN rehearsal.attempts last_attempt
        ON last_attempt.message_id = answer.id AND last_attempt.number = answer.attempts
), settled AS (
    UPDATE messages reply
    SET id = recorded.id, attempts = recorded.attempts, external_id = recorded.external_id,
        status = CASE WHEN is_tried THEN outcome ELSE recorded.status END,
        error_code = CASE WHEN is_tried THEN attempt_code ELSE recorded.error_code END,
        error = CASE WHEN is_tried THEN attempt_error ELSE recorded.error END,
        due_at = recorded.due_at, lease = recorded.lease, sent_at = recorded.sent_at,
        created_at = recorded.created_at
    FROM recorded WHERE reply.id = recorded.played_id
    RETURNING reply.id
)
SELECT id FROM settled
