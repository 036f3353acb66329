-- End what a strategy takes its time for as it ended between these moments in the recording: queue
-- the recorded answer, in the place that was kept for it, leave the conversation to people, or
-- neither. Returns the deliveries of what was answered.
WITH ended AS (
    UPDATE deferred_replies reply
    SET outcome = ending.outcome, due_at = NULL, lease = NULL, ended_at = ending.at
    FROM rehearsal.endings ending
    JOIN messages question
        ON question.channel_id = ending.question_channel_id
        AND question.external_id = ending.question_external_id
    WHERE ending.at > %(after)s::timestamptz AND ending.at <= %(until)s::timestamptz
      AND reply.tenant_id = question.tenant_id AND reply.message_id = question.id
      AND reply.due_at IS NOT NULL
    RETURNING question.id AS question_id, question.tenant_id, question.channel_id,
              question.conversation_id, question.delivery_id, question.seq, ending.*
), unanswered AS (
    UPDATE messages message SET unanswered = ended.unanswered
    FROM ended WHERE message.id = ended.question_id AND ended.outcome <> 'answered'
), left_to_people AS (
    UPDATE conversations conversation
    SET waiting_because = ended.because, waiting_note = '', waiting_since = ended.at,
        replies_paused_until = greatest(conversation.replies_paused_until, ended.peoples_until)
    FROM ended WHERE conversation.id = ended.conversation_id AND ended.outcome = 'left'
), answers AS (
    INSERT INTO messages (
        id, tenant_id, channel_id, conversation_id, in_reply_to_id, direction, status, seq, kind,
        text, preview, origin, raw, attachment_id, recipient, expires_at, due_at, created_at,
        attempts, error_code, error)
    SELECT gen_random_uuid(), tenant_id, channel_id, conversation_id, question_id, 'outbound',
           'queued', seq + 1, kind, text, preview, origin, raw, attachment_id, recipient,
           expires_at, at, at, 0, '', ''
    FROM ended WHERE outcome = 'answered'
)
SELECT DISTINCT delivery_id FROM ended WHERE outcome = 'answered'
