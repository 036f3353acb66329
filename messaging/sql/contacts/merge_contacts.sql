-- Give the ids of one contact, and a block of it, to another; both are locked.
WITH moved AS (
    UPDATE contact_identities SET contact_id = %(into_id)s
    WHERE tenant_id = %(tenant_id)s AND contact_id = %(contact_id)s
), gone AS (
    UPDATE contacts SET merged_into_id = %(into_id)s WHERE id = %(contact_id)s
)
UPDATE contacts kept SET blocked_at = coalesce(kept.blocked_at, other.blocked_at)
FROM contacts other
WHERE kept.id = %(into_id)s AND other.id = %(contact_id)s
  AND kept.tenant_id = %(tenant_id)s AND other.tenant_id = kept.tenant_id
