-- Transfers that are worked on, what Amazon is told of them, and what is at hand for them.
-- Work on a transfer. Parents are found by their keys; a constraint for each would be checked with every imported order.
ALTER TABLE pickings ADD COLUMN kind TEXT NOT NULL DEFAULT 'delivery' CHECK (kind IN ('delivery', 'return'));
ALTER TABLE pickings ADD COLUMN carrier_id BIGINT;
ALTER TABLE pickings ADD COLUMN backorder_of_id BIGINT;
ALTER TABLE pickings ADD COLUMN return_of_id BIGINT;
ALTER TABLE pickings ADD COLUMN assigned_to_id BIGINT;
ALTER TABLE pickings ADD COLUMN is_starred BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE pickings ADD COLUMN printed_at TIMESTAMP;
ALTER TABLE pickings ADD COLUMN address_changed_at TIMESTAMP;
ALTER TABLE pickings ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX pickings_by_deadline ON pickings (company_id, state, ship_by, id);
CREATE INDEX pickings_by_tracking ON pickings (company_id, tracking) WHERE tracking IS NOT NULL;
CREATE INDEX pickings_by_parent ON pickings (backorder_of_id) WHERE backorder_of_id IS NOT NULL;
CREATE INDEX pickings_by_returned ON pickings (return_of_id) WHERE return_of_id IS NOT NULL;

-- More origins of a move, what of it is reserved, and what was counted into the parcel.
CREATE TABLE moves_new (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT NOT NULL,
    account_id BIGINT,
    marketplace_id TEXT,
    order_id BIGINT REFERENCES orders (id),
    order_line_id BIGINT REFERENCES order_lines (id),
    picking_id BIGINT REFERENCES pickings (id),
    product_id BIGINT NOT NULL REFERENCES products (id),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    source_id BIGINT NOT NULL REFERENCES locations (id),
    destination_id BIGINT NOT NULL REFERENCES locations (id),
    origin TEXT NOT NULL CHECK (origin IN ('fba_order', 'transfer', 'return', 'adjustment')),
    state TEXT NOT NULL CHECK (state IN ('draft', 'waiting', 'confirmed', 'assigned', 'done', 'cancelled')),
    moved_at TIMESTAMP NOT NULL,
    reserved BIGINT NOT NULL DEFAULT 0,
    picked BIGINT NOT NULL DEFAULT 0
);
INSERT INTO moves_new (id, company_id, account_id, marketplace_id, order_id, order_line_id, picking_id, product_id, quantity, source_id, destination_id, origin, state, moved_at)
SELECT id, company_id, account_id, marketplace_id, order_id, order_line_id, picking_id, product_id, quantity, source_id, destination_id, origin, state, moved_at FROM moves;
DROP TABLE moves;
ALTER TABLE moves_new RENAME TO moves;
CREATE INDEX moves_by_order ON moves (order_id);
CREATE INDEX moves_by_picking ON moves (picking_id);
CREATE INDEX moves_newest ON moves (company_id, moved_at, id);
CREATE INDEX moves_by_product ON moves (product_id, state, source_id, destination_id, quantity);
CREATE TRIGGER done_moves_are_final BEFORE UPDATE ON moves WHEN OLD.state = 'done'
BEGIN SELECT RAISE(ABORT, 'a done move is never changed'); END;

-- A job that tells Amazon what left.
CREATE TABLE jobs_new (
    id INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sync_orders', 'preview_orders', 'recover_orders', 'sync_pickings')),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    due_at TIMESTAMP NOT NULL,
    lease_until TIMESTAMP NOT NULL,
    fencing BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT
);
INSERT INTO jobs_new SELECT id, kind, account_id, due_at, lease_until, fencing, attempts, last_error FROM jobs;
DROP TABLE jobs;
ALTER TABLE jobs_new RENAME TO jobs;
CREATE UNIQUE INDEX jobs_one_per_account ON jobs (kind, account_id);
CREATE INDEX jobs_due ON jobs (due_at);

-- What is at each of the company's own locations, and what of it waits for transfers: kept beside the moves, to be had at once.
CREATE TABLE quants (
    product_id BIGINT NOT NULL REFERENCES products (id),
    location_id BIGINT NOT NULL REFERENCES locations (id),
    quantity BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    PRIMARY KEY (product_id, location_id)
);

-- Files of many messages for Amazon, and what Amazon answered to each message.
CREATE TABLE feeds (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('order_fulfillment')),
    state TEXT NOT NULL CHECK (state IN ('built', 'submitted', 'processing', 'done', 'fatal', 'cancelled', 'lost')),
    amazon_document_id TEXT,
    amazon_feed_id TEXT,
    messages BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    submitted_at TIMESTAMP,
    next_look_at TIMESTAMP,
    finished_at TIMESTAMP
);
CREATE INDEX feeds_by_company ON feeds (company_id, id);
CREATE INDEX feeds_to_look_at ON feeds (account_id, next_look_at) WHERE next_look_at IS NOT NULL;

-- What Amazon is told of a delivery that left, once; where it stands is the transfer's amazon_sync. send_after is empty when nothing is to be sent.
CREATE TABLE shipments (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    order_id BIGINT NOT NULL REFERENCES orders (id),
    picking_id BIGINT NOT NULL UNIQUE REFERENCES pickings (id),
    package_reference BIGINT NOT NULL CHECK (package_reference > 0),
    carrier_code TEXT NOT NULL,
    carrier_name TEXT,
    tracking TEXT NOT NULL,
    shipped_at TIMESTAMP NOT NULL,
    send_after TIMESTAMP,
    attempts BIGINT NOT NULL,
    sent_at TIMESTAMP,
    settled_at TIMESTAMP,
    refusal_code TEXT,
    refusal TEXT,
    created_at TIMESTAMP NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (order_id, package_reference)
);
CREATE INDEX shipments_due ON shipments (account_id, send_after) WHERE send_after IS NOT NULL;
CREATE INDEX shipments_unsettled ON shipments (account_id, sent_at) WHERE sent_at IS NOT NULL AND settled_at IS NULL;

-- Which shipment is which message of a feed.
CREATE TABLE feed_messages (
    feed_id BIGINT NOT NULL REFERENCES feeds (id),
    message BIGINT NOT NULL CHECK (message > 0),
    shipment_id BIGINT NOT NULL REFERENCES shipments (id),
    result TEXT CHECK (result IN ('accepted', 'warned', 'refused')),
    code TEXT,
    explanation TEXT,
    PRIMARY KEY (feed_id, message)
);
CREATE INDEX feed_messages_by_shipment ON feed_messages (shipment_id);
-- Where goods are, so far: what transfers and adjustments brought and took.
INSERT INTO quants (product_id, location_id, quantity, reserved)
SELECT product_id, location_id, CAST(SUM(quantity) AS BIGINT), 0 FROM (
    SELECT product_id, destination_id AS location_id, quantity FROM moves WHERE state = 'done' AND origin <> 'fba_order'
    UNION ALL
    SELECT product_id, source_id, -quantity FROM moves WHERE state = 'done' AND origin <> 'fba_order'
) AS changes
WHERE location_id IN (SELECT id FROM locations WHERE kind = 'internal')
GROUP BY product_id, location_id;
