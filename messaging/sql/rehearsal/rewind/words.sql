-- Delete what was told of owners since; our own side's words are told again at their moments.
WITH gone AS (
    DELETE FROM conversation_owner_changes word USING rehearsal.span
    WHERE word.recorded_at >= span.settled_at
       OR word.conversation_id IN (SELECT id FROM rehearsal.gone_conversations)
    RETURNING word.id
)
SELECT count(*) AS rows FROM gone
