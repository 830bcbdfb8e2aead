DROP INDEX products_by_reference_key;
DROP INDEX order_lines_waiting;
CREATE TABLE plain_offers (
    id INTEGER PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    marketplace_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    product_id BIGINT NOT NULL REFERENCES products (id),
    created_at TIMESTAMP NOT NULL,
    UNIQUE (account_id, marketplace_id, sku)
);
INSERT INTO plain_offers (id, account_id, marketplace_id, sku, product_id, created_at)
SELECT id, account_id, marketplace_id, sku, product_id, created_at FROM offers WHERE product_id IS NOT NULL;
DROP TABLE offers;
ALTER TABLE plain_offers RENAME TO offers;
