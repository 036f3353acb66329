-- Messages of tenants that want it whose outcome has been unknown for a while: not yet sent again, and not older than a day.
SELECT m.id
FROM tenants t
JOIN messages m ON m.tenant_id = t.id AND m.needs_attention AND m.id > %(youngest)s AND m.status = 'unknown'
JOIN message_attempts a ON a.message_id = m.id AND a.number = m.attempts
    AND a.ended_at < now() - make_interval(secs => %(seconds)s)
WHERE t.resend_policy = 'resend_once' AND t.status = 'active'
  AND (m.expires_at IS NULL OR m.expires_at > now())
  AND NOT EXISTS (SELECT FROM message_resends r WHERE r.message_id = m.id)
LIMIT 1000
