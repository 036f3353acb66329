-- Delete contacts that only the deliveries made.
WITH gone AS (
    DELETE FROM contacts WHERE id IN (SELECT id FROM rehearsal.gone_contacts) RETURNING id
)
SELECT count(*) AS rows FROM gone
