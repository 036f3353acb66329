-- Delete what the deliveries told of contacts.
WITH gone AS (
    DELETE FROM contact_changes
    WHERE id IN (SELECT id FROM rehearsal.undone_changes)
       OR contact_id IN (SELECT id FROM rehearsal.gone_contacts)
       OR other_id IN (SELECT id FROM rehearsal.gone_contacts)
    RETURNING id
)
SELECT count(*) AS rows FROM gone
