-- Give ids that changed hands back to their former owners, the first change of each; and let ids be
-- in use that were given up.
WITH first_taken AS (
    SELECT DISTINCT ON (change.tenant_id, change.kind, change.new)
           change.tenant_id, change.kind, change.new AS value, change.other_id,
           NOT EXISTS (
               SELECT FROM contact_changes earlier
               WHERE earlier.tenant_id = change.tenant_id AND earlier.contact_id = change.other_id
                 AND earlier.what = 'id_replaced' AND earlier.old = change.new
                 AND earlier.id < change.id) AS was_in_use
    FROM rehearsal.undone_changes change
    WHERE change.what = 'id_taken_over' AND change.other_id IS NOT NULL
    ORDER BY change.tenant_id, change.kind, change.new, change.id
), back AS (
    UPDATE contact_identities identity
    SET contact_id = first_taken.other_id, is_active = was_in_use
    FROM first_taken
    WHERE identity.tenant_id = first_taken.tenant_id AND identity.kind = first_taken.kind
      AND identity.value = first_taken.value
    RETURNING identity.id
), in_use AS (
    UPDATE contact_identities identity SET is_active = true
    FROM rehearsal.undone_changes change
    WHERE change.what = 'id_replaced' AND identity.tenant_id = change.tenant_id
      AND identity.kind = change.kind AND identity.value = change.old
      AND identity.contact_id = change.contact_id
      AND NOT EXISTS (
          SELECT FROM first_taken
          WHERE first_taken.tenant_id = identity.tenant_id AND first_taken.kind = identity.kind
            AND first_taken.value = identity.value)
    RETURNING identity.id
)
SELECT (SELECT count(*) FROM back) + (SELECT count(*) FROM in_use) AS rows
