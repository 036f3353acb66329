-- The newest names; the contacts are locked.
UPDATE contacts c SET name = e.name FROM unnest(%(ids)s::uuid[], %(names)s::text[]) AS e(id, name) WHERE c.id = e.id
