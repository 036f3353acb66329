-- Ids and wishes of one contact become another's; both are locked. A refusal of marketing and a block hold for both.
WITH moved AS (
    UPDATE contact_identities SET contact_id = %(into_id)s WHERE tenant_id = %(tenant_id)s AND contact_id = %(contact_id)s
), gone AS (
    UPDATE contacts SET merged_into_id = %(into_id)s WHERE id = %(contact_id)s
)
UPDATE contacts kept
SET name = CASE WHEN kept.name = '' THEN other.name ELSE kept.name END,
    username = CASE WHEN kept.username = '' THEN other.username ELSE kept.username END,
    saved_name = CASE WHEN kept.saved_name = '' THEN other.saved_name ELSE kept.saved_name END,
    saved_name_at = greatest(kept.saved_name_at, other.saved_name_at),
    marketing_opted_out_at = coalesce(kept.marketing_opted_out_at, other.marketing_opted_out_at),
    marketing_decided_at = greatest(kept.marketing_decided_at, other.marketing_decided_at),
    blocked_at = coalesce(kept.blocked_at, other.blocked_at)
FROM contacts other
WHERE kept.id = %(into_id)s AND other.id = %(contact_id)s AND kept.tenant_id = %(tenant_id)s AND other.tenant_id = kept.tenant_id
