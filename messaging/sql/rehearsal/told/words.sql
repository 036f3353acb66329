-- What was told of the owners of shared threads, but for what our own side told.
INSERT INTO rehearsal.told (pass, subject, tenant_id, key, place, said)
SELECT %(pass)s::text, 'words about owners', word.tenant_id,
       concat_ws(' ', thread.name, word.owner, word.told_by, word.occurred_at, row_number() OVER (
           PARTITION BY thread.name, word.owner, word.told_by, word.occurred_at)),
       jsonb_build_object('conversation', word.conversation_id),
       jsonb_build_object('note', word.note)
FROM rehearsal.span
JOIN conversation_owner_changes word ON word.recorded_at >= span.settled_at
JOIN rehearsal.threads thread ON thread.id = word.conversation_id
WHERE word.told_by NOT IN ('we_passed', 'we_released', 'we_took', 'refused')
