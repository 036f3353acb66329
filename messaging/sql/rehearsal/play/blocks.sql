-- Block contacts, or let them be free, as staff did between these moments.
WITH last AS (
    SELECT DISTINCT ON (contact_id) contact_id, blocked_at FROM rehearsal.blocks
    WHERE at > %(after)s::timestamptz AND at <= %(until)s::timestamptz
    ORDER BY contact_id, id DESC
)
UPDATE contacts contact SET blocked_at = last.blocked_at
FROM last WHERE contact.id = last.contact_id
