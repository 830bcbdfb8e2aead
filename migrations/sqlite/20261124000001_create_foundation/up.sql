-- Company and account of high-volume rows have no foreign key of their own: the order or the run that they refer to
-- has one, and each check costs about 3 % of the import on PostgreSQL (docs/performance.md).
CREATE TABLE companies (
    id INTEGER PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE users (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('administrator', 'sales_user', 'sales_manager', 'warehouse_user', 'warehouse_manager', 'accountant', 'auditor')),
    may_force_sync BOOLEAN NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('en', 'fr')),
    theme TEXT NOT NULL CHECK (theme IN ('system', 'light', 'dark')),
    is_active BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY NOT NULL,
    user_id BIGINT REFERENCES users (id) ON DELETE CASCADE,
    csrf_token TEXT NOT NULL,
    developer_mode BOOLEAN NOT NULL,
    language TEXT NOT NULL CHECK (language IN ('en', 'fr')),
    flash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE sign_in_failures (
    id INTEGER PRIMARY KEY NOT NULL,
    email_hash TEXT NOT NULL,
    ip TEXT NOT NULL,
    failed_at TIMESTAMP NOT NULL
);
CREATE INDEX sign_in_failures_by_email ON sign_in_failures (email_hash, failed_at);
CREATE INDEX sign_in_failures_by_ip ON sign_in_failures (ip, failed_at);

CREATE TABLE setup_codes (
    code_hash TEXT PRIMARY KEY NOT NULL,
    expires_at TIMESTAMP NOT NULL
);

CREATE TABLE teams (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    name TEXT NOT NULL,
    UNIQUE (company_id, name)
);

CREATE TABLE locations (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('internal', 'transit', 'supplier', 'customer', 'loss')),
    allow_negative BOOLEAN NOT NULL,
    UNIQUE (company_id, code)
);

CREATE TABLE products (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    reference TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('goods', 'service')),
    default_for TEXT CHECK (default_for IN ('sale', 'shipping')),
    is_active BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (company_id, reference)
);
CREATE UNIQUE INDEX products_one_default ON products (company_id, default_for) WHERE default_for IS NOT NULL;

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    name TEXT NOT NULL,
    seller_id TEXT NOT NULL,
    region TEXT NOT NULL CHECK (region IN ('na', 'eu', 'fe')),
    is_simulated BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('linked', 'authorization_lost', 'paused')),
    team_id BIGINT NOT NULL REFERENCES teams (id),
    location_id BIGINT NOT NULL REFERENCES locations (id),
    interval_secs BIGINT NOT NULL CHECK (interval_secs >= 180),
    last_order_sync TIMESTAMP NOT NULL,
    public_id TEXT NOT NULL UNIQUE,
    wrapped_key BLOB NOT NULL,
    sealed BLOB NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (company_id, name)
);

CREATE TABLE account_marketplaces (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    marketplace_id TEXT NOT NULL,
    seller_id TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, marketplace_id)
);
CREATE UNIQUE INDEX account_marketplaces_one_registration ON account_marketplaces (seller_id, marketplace_id) WHERE is_active;

CREATE TABLE offers (
    id INTEGER PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    marketplace_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    product_id BIGINT NOT NULL REFERENCES products (id),
    created_at TIMESTAMP NOT NULL,
    UNIQUE (account_id, marketplace_id, sku)
);

CREATE TABLE customers (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT NOT NULL,
    buyer_ref TEXT NOT NULL,
    public_id TEXT NOT NULL,
    is_business BOOLEAN NOT NULL,
    is_anonymous BOOLEAN NOT NULL,
    country TEXT,
    region TEXT,
    city TEXT,
    postcode_area TEXT,
    wrapped_key BLOB,
    sealed BLOB,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (company_id, buyer_ref)
);

CREATE TABLE customer_words (
    word_hash BIGINT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    PRIMARY KEY (word_hash, customer_id)
) WITHOUT ROWID;

CREATE TABLE addresses (
    id INTEGER PRIMARY KEY NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    address_ref TEXT NOT NULL,
    public_id TEXT NOT NULL,
    country TEXT,
    region TEXT,
    city TEXT,
    postcode_area TEXT,
    wrapped_key BLOB,
    sealed BLOB,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (customer_id, address_ref)
);

CREATE TABLE orders (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    amazon_order_id TEXT NOT NULL,
    marketplace_id TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('fba', 'fbm')),
    state TEXT NOT NULL CHECK (state IN ('sale', 'locked', 'cancelled')),
    amazon_status TEXT NOT NULL,
    delivery TEXT NOT NULL CHECK (delivery IN ('none', 'partial', 'full')),
    currency TEXT NOT NULL,
    total_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    team_id BIGINT NOT NULL REFERENCES teams (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    address_id BIGINT REFERENCES addresses (id),
    ordered_at TIMESTAMP NOT NULL,
    ordered_on DATE NOT NULL,
    ship_by TIMESTAMP,
    deliver_by TIMESTAMP,
    amazon_updated_at TIMESTAMP NOT NULL,
    fingerprint BIGINT NOT NULL,
    is_business BOOLEAN NOT NULL,
    is_prime BOOLEAN NOT NULL,
    is_gift BOOLEAN NOT NULL,
    replaces TEXT,
    is_shipped_outside BOOLEAN NOT NULL,
    cancellation_requested BOOLEAN NOT NULL,
    needs_decision BOOLEAN NOT NULL,
    public_id TEXT NOT NULL,
    wrapped_key BLOB,
    sealed BLOB,
    created_at TIMESTAMP NOT NULL,
    UNIQUE (amazon_order_id, account_id)
);
CREATE INDEX orders_newest ON orders (company_id, ordered_at, id);
CREATE INDEX orders_by_team ON orders (company_id, team_id, ordered_at, id);
CREATE INDEX orders_by_team_and_status ON orders (company_id, team_id, amazon_status, ordered_at, id);
CREATE INDEX orders_by_customer ON orders (customer_id);
CREATE INDEX orders_to_ship ON orders (company_id, ship_by) WHERE state = 'sale' AND channel = 'fbm';
CREATE INDEX orders_open ON orders (company_id, ordered_at, id) WHERE state = 'sale';
CREATE INDEX orders_open_by_team ON orders (company_id, team_id, ordered_at, id) WHERE state = 'sale';
CREATE INDEX orders_to_decide ON orders (company_id, ordered_at) WHERE needs_decision;

CREATE TABLE order_lines (
    id INTEGER PRIMARY KEY NOT NULL,
    order_id BIGINT NOT NULL REFERENCES orders (id),
    position BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('item', 'shipping', 'gift_wrap', 'note', 'other', 'adjustment')),
    amazon_item_id TEXT,
    sku TEXT,
    asin TEXT,
    title TEXT NOT NULL,
    product_id BIGINT REFERENCES products (id),
    is_default_product BOOLEAN NOT NULL,
    quantity BIGINT NOT NULL CHECK (quantity >= 0),
    delivered BIGINT NOT NULL CHECK (delivered >= 0),
    total_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    discount_minor BIGINT NOT NULL,
    tax_reading TEXT NOT NULL CHECK (tax_reading IN ('none', 'included', 'on_top', 'unclear')),
    UNIQUE (order_id, position)
);
CREATE INDEX order_lines_by_sku ON order_lines (sku) WHERE sku IS NOT NULL;

CREATE TABLE pickings (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    order_id BIGINT NOT NULL REFERENCES orders (id),
    state TEXT NOT NULL CHECK (state IN ('draft', 'waiting', 'confirmed', 'assigned', 'done', 'cancelled')),
    source_id BIGINT NOT NULL REFERENCES locations (id),
    destination_id BIGINT NOT NULL REFERENCES locations (id),
    ship_by TIMESTAMP,
    carrier TEXT,
    tracking TEXT,
    amazon_sync TEXT NOT NULL CHECK (amazon_sync IN ('not_needed', 'to_send', 'sent', 'ok', 'failed', 'unknown')),
    is_held BOOLEAN NOT NULL,
    has_gift BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    done_at TIMESTAMP
);
CREATE INDEX pickings_by_order ON pickings (order_id);
CREATE INDEX pickings_by_state ON pickings (company_id, state, id);

CREATE TABLE moves (
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
    origin TEXT NOT NULL CHECK (origin IN ('fba_order', 'transfer')),
    state TEXT NOT NULL CHECK (state IN ('draft', 'waiting', 'confirmed', 'assigned', 'done', 'cancelled')),
    moved_at TIMESTAMP NOT NULL
);
CREATE INDEX moves_by_order ON moves (order_id);
CREATE INDEX moves_by_picking ON moves (picking_id);
CREATE INDEX moves_newest ON moves (company_id, moved_at, id);

CREATE TABLE sync_runs (
    id INTEGER PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('orders', 'preview', 'recover', 'pickings')),
    cause TEXT NOT NULL CHECK (cause IN ('schedule', 'user', 'command')),
    requested_by BIGINT REFERENCES users (id),
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'waiting', 'succeeded', 'warned', 'failed', 'stopped')),
    window_from TIMESTAMP,
    window_to TIMESTAMP,
    parameters TEXT NOT NULL,
    next_token TEXT,
    token_at TIMESTAMP,
    pages BIGINT NOT NULL,
    orders_read BIGINT NOT NULL,
    orders_created BIGINT NOT NULL,
    orders_updated BIGINT NOT NULL,
    orders_cancelled BIGINT NOT NULL,
    orders_unchanged BIGINT NOT NULL,
    orders_waiting BIGINT NOT NULL,
    orders_skipped BIGINT NOT NULL,
    orders_failed BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    throttled BIGINT NOT NULL,
    stop_requested_by BIGINT REFERENCES users (id),
    error TEXT,
    resume_at TIMESTAMP,
    queued_at TIMESTAMP NOT NULL,
    started_at TIMESTAMP,
    finished_at TIMESTAMP
);
CREATE INDEX sync_runs_newest ON sync_runs (queued_at, id);
CREATE INDEX sync_runs_by_account ON sync_runs (account_id, id);
CREATE UNIQUE INDEX sync_runs_one_active ON sync_runs (account_id, kind) WHERE state IN ('queued', 'running', 'waiting') AND kind IN ('orders', 'preview', 'pickings');

CREATE TABLE decisions (
    id INTEGER PRIMARY KEY NOT NULL,
    run_id BIGINT NOT NULL REFERENCES sync_runs (id),
    account_id BIGINT NOT NULL,
    order_id BIGINT REFERENCES orders (id),
    amazon_order_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('create', 'update', 'cancel', 'needs_decision', 'wait', 'skip', 'unchanged', 'failed')),
    reasons TEXT NOT NULL,
    channel TEXT NOT NULL,
    amazon_status TEXT NOT NULL,
    amazon_updated_at TIMESTAMP NOT NULL,
    decided_at TIMESTAMP NOT NULL,
    UNIQUE (account_id, amazon_order_id, amazon_updated_at, rule)
);
CREATE INDEX decisions_by_run ON decisions (run_id, id);

CREATE TABLE run_results (
    id INTEGER PRIMARY KEY NOT NULL,
    run_id BIGINT NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
    amazon_order_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    outcome TEXT NOT NULL,
    reasons TEXT NOT NULL,
    channel TEXT NOT NULL,
    amazon_status TEXT NOT NULL,
    amazon_updated_at TIMESTAMP NOT NULL
);
CREATE INDEX run_results_by_run ON run_results (run_id, id);

CREATE TABLE run_pages (
    run_id BIGINT NOT NULL REFERENCES sync_runs (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    wrapped_key BLOB NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (run_id, position)
);

CREATE TABLE issues (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('warning', 'blocking')),
    state TEXT NOT NULL CHECK (state IN ('open', 'resolved', 'ignored')),
    order_id BIGINT REFERENCES orders (id),
    amazon_order_id TEXT,
    detail TEXT NOT NULL,
    public_id TEXT NOT NULL,
    wrapped_key BLOB,
    sealed BLOB,
    times BIGINT NOT NULL,
    first_seen_at TIMESTAMP NOT NULL,
    last_seen_at TIMESTAMP NOT NULL,
    UNIQUE (account_id, kind, subject)
);
CREATE INDEX issues_by_state ON issues (company_id, state, last_seen_at);
CREATE INDEX issues_by_order ON issues (order_id);

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('sync_orders', 'preview_orders', 'recover_orders')),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    due_at TIMESTAMP NOT NULL,
    lease_until TIMESTAMP NOT NULL,
    fencing BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT
);
CREATE UNIQUE INDEX jobs_one_per_account ON jobs (kind, account_id);
CREATE INDEX jobs_due ON jobs (due_at);

CREATE TABLE api_quotas (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    operation TEXT NOT NULL,
    tokens_micro BIGINT NOT NULL,
    rate_micro BIGINT NOT NULL,
    burst BIGINT NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, operation)
);

CREATE TABLE audit_events (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT REFERENCES companies (id),
    user_id BIGINT REFERENCES users (id),
    ip TEXT,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    old_value TEXT,
    new_value TEXT,
    at TIMESTAMP NOT NULL
);
CREATE INDEX audit_events_by_subject ON audit_events (subject, id);

CREATE TABLE settings (
    name TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);

CREATE TRIGGER audit_events_are_final BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END;
CREATE TRIGGER done_moves_are_final BEFORE UPDATE ON moves WHEN OLD.state = 'done'
BEGIN SELECT RAISE(ABORT, 'a done move is never changed'); END;
