-- Whether a channel that rests for less than a second has something due.
SELECT pace.channel_id FROM channel_paces pace
WHERE pace.ready_at > now() AND pace.ready_at < now() + interval '1 second'
  AND EXISTS (
      SELECT FROM messages waiting
      WHERE waiting.channel_id = pace.channel_id AND waiting.due_at < timestamptz '9999-01-01'
        AND waiting.due_at <= now() AND waiting.status = 'queued'
      OFFSET 0)
LIMIT 1
