-- An offer exists from the first order of its SKU on, also while no product is matched: then it has none.
-- `sku_key` is the SKU without case, spaces and dashes; lists search it by its beginning.
CREATE TABLE matched_offers (
    id INTEGER PRIMARY KEY NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    marketplace_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    sku_key TEXT NOT NULL,
    asin TEXT,
    product_id BIGINT REFERENCES products (id),
    matched_by TEXT NOT NULL CHECK (matched_by IN ('nobody', 'reference', 'person', 'import')),
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    CONSTRAINT matched_offers_once UNIQUE (account_id, marketplace_id, sku),
    CHECK ((product_id IS NULL) = (matched_by = 'nobody'))
);
INSERT INTO matched_offers (id, company_id, account_id, marketplace_id, sku, sku_key, product_id, matched_by, version, created_at)
SELECT o.id, a.company_id, o.account_id, o.marketplace_id, o.sku, lower(replace(replace(replace(o.sku, ' ', ''), '-', ''), '_', '')), o.product_id, 'person', 1, o.created_at
FROM offers o JOIN accounts a ON a.id = o.account_id;
DROP TABLE offers;
ALTER TABLE matched_offers RENAME TO offers;
CREATE INDEX offers_newest ON offers (company_id, id);
CREATE INDEX offers_by_account ON offers (account_id, id);
CREATE INDEX offers_by_marketplace ON offers (company_id, marketplace_id, id);
CREATE INDEX offers_by_account_and_marketplace ON offers (account_id, marketplace_id, id);
CREATE INDEX offers_without_product ON offers (company_id, id) WHERE product_id IS NULL;
CREATE INDEX offers_by_key ON offers (company_id, sku_key);
CREATE INDEX offers_by_asin ON offers (company_id, asin) WHERE asin IS NOT NULL;
CREATE INDEX offers_by_product ON offers (product_id) WHERE product_id IS NOT NULL;

-- The lines that wait for a product; a matched line costs this index nothing.
CREATE INDEX order_lines_waiting ON order_lines (sku, order_id) WHERE is_default_product;

-- References compared without case, spaces, dashes and underscores, for suggestions.
CREATE INDEX products_by_reference_key ON products (company_id, lower(replace(replace(replace(reference, ' ', ''), '-', ''), '_', '')));
