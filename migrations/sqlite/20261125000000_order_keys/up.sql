-- Keys that follow the time of writing, so that a new order touches few pages of a large database (docs/performance.md).
-- Words lie by parts of 8,192 customers; decisions lie by the moment of Amazon's change.
CREATE TABLE words_by_part (
    part BIGINT NOT NULL,
    word_hash BIGINT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    PRIMARY KEY (part, word_hash, customer_id)
) WITHOUT ROWID;
INSERT INTO words_by_part (part, word_hash, customer_id)
SELECT customer_id / 8192, word_hash, customer_id FROM customer_words;
DROP TABLE customer_words;
ALTER TABLE words_by_part RENAME TO customer_words;

CREATE TABLE decisions_by_time (
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
    UNIQUE (account_id, amazon_updated_at, amazon_order_id, rule)
);
INSERT INTO decisions_by_time SELECT * FROM decisions;
DROP TABLE decisions;
ALTER TABLE decisions_by_time RENAME TO decisions;
CREATE INDEX decisions_by_run ON decisions (run_id, id);
CREATE INDEX decisions_by_order ON decisions (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX decisions_without_order ON decisions (amazon_order_id) WHERE order_id IS NULL;
