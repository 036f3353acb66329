-- Delete the ids that the deliveries brought: those of contacts that go, those that were told as
-- new ones of others, and those that came over from a contact that goes.
WITH gone AS (
    DELETE FROM contact_identities identity
    WHERE identity.contact_id IN (SELECT id FROM rehearsal.gone_contacts)
       OR EXISTS (
           SELECT FROM rehearsal.undone_changes change
           WHERE change.what = 'id_added' AND change.tenant_id = identity.tenant_id
             AND change.kind = identity.kind AND change.new = identity.value)
       OR (identity.id >= (SELECT first_id FROM rehearsal.span)
           AND EXISTS (
               SELECT FROM rehearsal.undone_changes merged
               WHERE merged.what = 'merged' AND merged.contact_id = identity.contact_id
                 AND merged.other_id IN (SELECT id FROM rehearsal.gone_contacts))
           AND NOT EXISTS (
               SELECT FROM contact_changes added
               WHERE added.tenant_id = identity.tenant_id AND added.what = 'id_added'
                 AND added.kind = identity.kind AND added.new = identity.value))
    RETURNING identity.id
)
SELECT count(*) AS rows FROM gone
