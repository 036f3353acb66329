-- Delete conversations that only the deliveries made.
WITH gone AS (
    DELETE FROM conversations WHERE id IN (SELECT id FROM rehearsal.gone_conversations)
    RETURNING id
)
SELECT count(*) AS rows FROM gone
