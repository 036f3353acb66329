-- Lock messages, in id order, as every transaction does that changes some.
SELECT id FROM messages WHERE id = ANY(%(ids)s) ORDER BY id FOR NO KEY UPDATE
