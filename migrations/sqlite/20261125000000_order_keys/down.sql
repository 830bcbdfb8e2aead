CREATE TABLE words_by_hash (
    word_hash BIGINT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    PRIMARY KEY (word_hash, customer_id)
) WITHOUT ROWID;
INSERT INTO words_by_hash (word_hash, customer_id) SELECT word_hash, customer_id FROM customer_words;
DROP TABLE customer_words;
ALTER TABLE words_by_hash RENAME TO customer_words;

CREATE TABLE decisions_by_order_number (
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
INSERT INTO decisions_by_order_number SELECT * FROM decisions;
DROP TABLE decisions;
ALTER TABLE decisions_by_order_number RENAME TO decisions;
CREATE INDEX decisions_by_run ON decisions (run_id, id);
