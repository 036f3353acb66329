-- Messages, each pair one that came in and one that was sent, in the order of time.
INSERT INTO messages
    (id, tenant_id, channel_id, conversation_id, direction, kind, text, origin, raw, status,
     external_id, in_reply_to_id, attachment_id, recipient, seq, attempts, error_code, error,
     sent_at, created_at, unanswered)
SELECT pg_temp.id_at(at, n), tenant_id, channel_id, id,
       CASE WHEN is_out THEN 'outbound' ELSE 'inbound' END,
       CASE WHEN has_file THEN 'image' ELSE 'text' END,
       CASE WHEN has_file THEN '' WHEN is_out THEN 'Yes, it comes in red and in green: ' || n
            ELSE 'Does it come in another color? I have seen it in number ' || n END,
       CASE WHEN NOT is_out THEN 'contact' WHEN is_automatic THEN 'automatic' ELSE 'api' END,
       json.raw, status,
       CASE WHEN status NOT IN ('failed', 'unknown', 'expired')
            THEN 'wamid.HBgLMTY1MDM4Nzk0MzkVAgA' || md5(n::text) END,
       CASE WHEN is_out AND is_automatic THEN pg_temp.id_at(pg_temp.ms_of(n - 1), n - 1) END,
       CASE WHEN has_file THEN pg_temp.id_at(at, n) END,
       CASE WHEN is_out THEN address ELSE '' END, 2 * turn - (NOT is_out)::int, is_out::int,
       CASE status WHEN 'failed' THEN '131026' ELSE '' END,
       CASE status WHEN 'failed' THEN 'The recipient cannot be reached.' ELSE '' END,
       CASE WHEN is_out THEN pg_temp.moment(at) END, pg_temp.moment(at),
       CASE WHEN is_out OR is_automatic THEN '' ELSE 'limit' END
FROM (
    SELECT pair * 2 + way AS n, pg_temp.ms_of(pair * 2 + way) AS at, thread, turn,
           way = 1 AS is_out, pair %% 4 <> 3 AS is_automatic,
           way = 0 AND pair %% 9 = 4 AS has_file,
           CASE WHEN way = 0 THEN 'received' ELSE answer_status END AS status
    FROM placed, generate_series(0, 1) way
) message
JOIN threads ON number = thread,
(VALUES ('{"type": "text", "timestamp": "1700000000", "text": {"body": "as it came"}}'::jsonb))
    json(raw);

INSERT INTO media
    (id, external_id, kind, mime_type, filename, sha256, size, status, error, file, created_at,
     stored_at, channel_id, tenant_id)
SELECT attachment_id, md5(external_id), 'image', 'image/jpeg', '', md5(external_id), 100000,
       'stored', '', tenant_id || '/' || attachment_id, created_at, created_at, channel_id, tenant_id
FROM messages WHERE attachment_id IS NOT NULL;
