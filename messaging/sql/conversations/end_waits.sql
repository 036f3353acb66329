-- End the waits of conversations in which automation answers again, because the time for which
-- people had them is over. Those that are locked are left for the next time.
WITH back_to_automation AS (
    SELECT id FROM conversations
    WHERE waiting_since IS NOT NULL AND replies_paused_until <= statement_timestamp()
    ORDER BY id LIMIT %(at_most)s FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE conversations conversation
SET waiting_because = '', waiting_note = '', waiting_since = NULL
FROM back_to_automation WHERE conversation.id = back_to_automation.id
RETURNING conversation.id
