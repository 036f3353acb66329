-- Make the tables of a rehearsal. The database is the rehearsal's own, and is dropped after it.
CREATE SCHEMA rehearsal;

-- What is rehearsed. Until settled_at rows were recorded of deliveries that came before.
CREATE UNLOGGED TABLE rehearsal.span (
    since timestamptz NOT NULL, first_id uuid NOT NULL, settled_at timestamptz NOT NULL
);

-- Deliveries that are played, with the moment of the transaction that finished each of them.
CREATE UNLOGGED TABLE rehearsal.deliveries (id uuid PRIMARY KEY, processed_at timestamptz NOT NULL);

-- What either pass has recorded, by names that both passes share.
CREATE UNLOGGED TABLE rehearsal.told (
    pass text NOT NULL, subject text NOT NULL, tenant_id uuid, key text NOT NULL, thread text,
    seq bigint, place jsonb NOT NULL, said jsonb NOT NULL
);

-- Found by their delivery, batch by batch; and what points at rows that are deleted.
CREATE INDEX ON messages (delivery_id);
CREATE INDEX ON contact_changes (delivery_id);
CREATE INDEX ON channel_events (delivery_id);
CREATE INDEX ON conversations (merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX ON contacts (merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX ON thread_orders (conversation_id);
