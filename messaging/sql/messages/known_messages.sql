-- Which of these are stored already.
SELECT known.channel_id, known.external_id
FROM unnest(%(channel_ids)s::uuid[], %(external_ids)s::text[]) AS asked(channel_id, external_id)
JOIN messages known
    ON known.channel_id = asked.channel_id AND known.external_id = asked.external_id
