-- What was set aside of the deliveries.
INSERT INTO rehearsal.told (pass, subject, key, place, said)
SELECT %(pass)s::text, 'items set aside', concat_ws(' ', letter.delivery_id, letter.position),
       jsonb_build_object('delivery', letter.delivery_id),
       jsonb_build_object('cause', letter.cause, 'reason', letter.reason, 'item', letter.item)
FROM rehearsal.deliveries delivery JOIN dead_letters letter ON letter.delivery_id = delivery.id
