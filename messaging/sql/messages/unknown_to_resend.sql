-- Messages of tenants that want it, which an index finds, whose outcome has been unknown for a
-- while: not yet sent again, and not older than a day.
SELECT message.id
FROM tenants tenant
JOIN messages message
    ON message.tenant_id = tenant.id AND message.needs_attention AND message.id > %(youngest)s
    AND message.status = 'unknown'
JOIN message_attempts attempt
    ON attempt.message_id = message.id AND attempt.number = message.attempts
    AND attempt.ended_at < now() - make_interval(secs => %(seconds)s)
WHERE tenant.resend_policy = 'resend_once' AND tenant.status = 'active'
  AND (message.expires_at IS NULL OR message.expires_at > now())
  AND NOT EXISTS (SELECT FROM message_resends resend WHERE resend.message_id = message.id)
LIMIT 1000
