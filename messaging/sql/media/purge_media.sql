-- Delete these files' rows, with what of them was uploaded, where still no message has them.
WITH gone AS (
    SELECT f.id FROM media f
    WHERE f.id = ANY(%(ids)s) AND NOT EXISTS (SELECT FROM messages m WHERE m.tenant_id = f.tenant_id AND m.attachment_id = f.id)
    ORDER BY f.id FOR UPDATE
), uploads AS (
    DELETE FROM media_uploads WHERE media_id IN (SELECT id FROM gone)
)
DELETE FROM media WHERE id IN (SELECT id FROM gone)
RETURNING id
