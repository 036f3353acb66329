-- Which of these files are stored. Their rows are locked as by a foreign key that points at them:
-- whoever withdraws a file passes them over, and who withdraws one now is waited for.
SELECT id FROM media
WHERE tenant_id = %(tenant_id)s AND id = ANY(%(ids)s::uuid[]) AND status = 'stored'
ORDER BY id FOR KEY SHARE
