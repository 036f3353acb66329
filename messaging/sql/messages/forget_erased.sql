-- Hashes of erased messages that no provider repeats any more.
DELETE FROM erased_messages WHERE id IN (
    SELECT id FROM erased_messages WHERE expires_at < now() ORDER BY expires_at LIMIT 1000
)
