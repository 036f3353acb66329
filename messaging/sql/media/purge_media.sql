-- Delete these files' rows, with what of them was uploaded, where still no message has them.
WITH gone AS (
    SELECT file.id FROM media file
    WHERE file.id = ANY(%(ids)s) AND NOT EXISTS (
        SELECT FROM messages message
        WHERE message.tenant_id = file.tenant_id AND message.attachment_id = file.id)
    ORDER BY file.id FOR UPDATE
), uploads AS (
    DELETE FROM media_uploads WHERE media_id IN (SELECT id FROM gone)
)
DELETE FROM media WHERE id IN (SELECT id FROM gone)
RETURNING id
