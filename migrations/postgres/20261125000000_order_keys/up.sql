-- Keys that follow the time of writing, so that a new order touches few pages of a large database (docs/performance.md).
-- Words lie by parts of 8,192 customers; decisions lie by the moment of Amazon's change.
CREATE TABLE words_by_part (
    part BIGINT NOT NULL,
    word_hash BIGINT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    PRIMARY KEY (part, word_hash, customer_id)
);
INSERT INTO words_by_part (part, word_hash, customer_id)
SELECT customer_id / 8192, word_hash, customer_id FROM customer_words;
DROP TABLE customer_words;
ALTER TABLE words_by_part RENAME TO customer_words;

ALTER TABLE decisions DROP CONSTRAINT decisions_account_id_amazon_order_id_amazon_updated_at_rule_key;
ALTER TABLE decisions ADD CONSTRAINT decisions_once UNIQUE (account_id, amazon_updated_at, amazon_order_id, rule);
CREATE INDEX decisions_by_order ON decisions (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX decisions_without_order ON decisions (amazon_order_id) WHERE order_id IS NULL;
