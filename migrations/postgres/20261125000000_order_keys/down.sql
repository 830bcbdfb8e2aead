CREATE TABLE words_by_hash (
    word_hash BIGINT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    PRIMARY KEY (word_hash, customer_id)
);
INSERT INTO words_by_hash (word_hash, customer_id) SELECT word_hash, customer_id FROM customer_words;
DROP TABLE customer_words;
ALTER TABLE words_by_hash RENAME TO customer_words;

DROP INDEX decisions_by_order;
DROP INDEX decisions_without_order;
ALTER TABLE decisions DROP CONSTRAINT decisions_once;
ALTER TABLE decisions ADD CONSTRAINT decisions_account_id_amazon_order_id_amazon_updated_at_rule_key UNIQUE (account_id, amazon_order_id, amazon_updated_at, rule);
