-- Take conversations that stay back to what the messages that are left say: the next place, the
-- contact's newest message, and until when people answer. In people's hands is whoever was before.
WITH touched AS (
    SELECT conversation_id AS id FROM rehearsal.gone_messages
    UNION SELECT pause.conversation_id FROM rehearsal.span
    JOIN rehearsal.pauses pause ON pause.at >= span.since
), left_over AS (
    SELECT conversation.id, messages.last_seq, messages.last_inbound_at,
           CASE WHEN hands.at IS NULL OR messages.last_echo_at > hands.at
                THEN messages.last_echo_at + make_interval(mins => tenant.staff_pause_minutes)
                END AS paused_until,
           hands.until AS in_hands_until,
           CASE WHEN hands.because <> '' THEN hands.at END AS waiting_since,
           coalesce(hands.because, '') AS waiting_because
    FROM touched JOIN conversations conversation USING (id)
    JOIN tenants tenant ON tenant.id = conversation.tenant_id
    CROSS JOIN rehearsal.span
    CROSS JOIN LATERAL (
        SELECT coalesce(max(seq) FILTER (WHERE seq >= 0), -1) + 1 AS last_seq,
               max(sent_at) FILTER (
                   WHERE origin = 'contact' AND NOT is_history) AS last_inbound_at,
               max(sent_at) FILTER (
                   WHERE origin = 'phone_app' AND NOT is_history) AS last_echo_at
        FROM messages
        WHERE tenant_id = conversation.tenant_id AND conversation_id = conversation.id
    ) messages
    LEFT JOIN LATERAL (
        SELECT at, until, because FROM rehearsal.pauses
        WHERE conversation_id = conversation.id AND at < span.since
        ORDER BY number DESC LIMIT 1
    ) hands ON true
), changed AS (
    UPDATE conversations conversation
    SET last_seq = left_over.last_seq, last_inbound_at = left_over.last_inbound_at,
        replies_paused_until = coalesce(left_over.in_hands_until, left_over.paused_until),
        waiting_because = left_over.waiting_because, waiting_note = '',
        waiting_since = left_over.waiting_since
    FROM left_over WHERE conversation.id = left_over.id
    RETURNING conversation.id
)
SELECT count(*) AS rows FROM changed
