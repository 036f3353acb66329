-- What the deliveries told of accounts and channels.
INSERT INTO rehearsal.told (pass, subject, tenant_id, key, place, said)
SELECT %(pass)s::text, 'channel events', event.tenant_id,
       concat_ws(' ', event.delivery_id, event.tenant_id, event.fingerprint),
       jsonb_build_object('delivery', event.delivery_id, 'channel', event.channel_id),
       jsonb_build_object(
           'channel', event.channel_id, 'account', event.account_id, 'kind', event.kind,
           'severity', event.severity, 'summary', event.summary, 'raw', event.raw,
           'occurred_at', event.occurred_at)
FROM rehearsal.deliveries delivery JOIN channel_events event ON event.delivery_id = delivery.id
