-- Contacts with their ids, and conversations. The first tenant has closed few of its own.
INSERT INTO contacts
    (id, name, created_at, tenant_id, saved_name, username, marketing_opted_out_at)
SELECT id, names[1 + number %% 8] || ' ' || surnames[1 + number / 8 %% 10] || ' ' || number,
       pg_temp.moment(ms), tenant_id,
       CASE WHEN number %% 10 = 0 THEN 'Customer ' || number ELSE '' END,
       CASE WHEN number %% 4 = 0 THEN 'user' || number ELSE '' END,
       CASE WHEN number %% 100 = 0 THEN pg_temp.moment(ms) END
FROM threads, (VALUES (
    '{Ada,Grace,Sheena,Alan,Mary,Ken,Barbara,Edsger}'::text[],
    '{Lovelace,Hopper,Nelson,Turing,Shaw,Thompson,Liskov,Dijkstra,Hamilton,Knuth}'::text[]
)) known(names, surnames)
ORDER BY place;

INSERT INTO contact_identities (id, kind, value, contact_id, tenant_id)
SELECT pg_temp.id_at(ms, place * 2 + (kind = 'bsuid')::int), kind,
       CASE kind WHEN 'bsuid' THEN 'US.' || md5(address) ELSE address END, id, tenant_id
FROM threads, unnest('{wa_id,bsuid}'::text[]) kind
WHERE kind = 'wa_id' OR number %% 2 = 0;

INSERT INTO conversations
    (id, group_external_id, status, last_seq, last_message_at, last_inbound_at, window_closes_at,
     created_at, channel_id, contact_id, tenant_id, reply_to)
SELECT id, '', CASE WHEN number %% CASE tenant_no WHEN 1 THEN 5000 ELSE 10 END = 3
                    THEN 'closed' ELSE 'open' END, 2 * turns,
       pg_temp.moment(pg_temp.ms_of(2 * last + 1)), pg_temp.moment(pg_temp.ms_of(2 * last)),
       pg_temp.moment(pg_temp.ms_of(2 * last)) + interval '1 day', pg_temp.moment(ms),
       channel_id, id, tenant_id, address
FROM threads
JOIN (SELECT thread, count(*) AS turns, max(pair) AS last FROM placed GROUP BY thread) written
  ON thread = number
ORDER BY place;
