-- Cancel the replies that the recording does not have: nobody knows what would have become of them.
-- They count as given when their deliveries were recorded.
UPDATE messages reply
SET status = 'cancelled', due_at = NULL, lease = NULL, created_at = delivery.processed_at
FROM rehearsal.deliveries delivery
JOIN messages question ON question.delivery_id = delivery.id
WHERE delivery.id = ANY(%(delivery_ids)s::uuid[])
  AND reply.tenant_id = question.tenant_id AND reply.in_reply_to_id = question.id
  AND reply.status = 'queued' AND reply.attempts = 0
  AND NOT EXISTS (SELECT FROM rehearsal.answers WHERE answers.id = reply.id)
