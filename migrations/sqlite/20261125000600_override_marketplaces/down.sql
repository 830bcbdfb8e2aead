CREATE TABLE plain_marketplaces (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    marketplace_id TEXT NOT NULL,
    seller_id TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, marketplace_id)
);
INSERT INTO plain_marketplaces SELECT account_id, marketplace_id, seller_id, is_active FROM account_marketplaces;
DROP TABLE account_marketplaces;
ALTER TABLE plain_marketplaces RENAME TO account_marketplaces;
CREATE UNIQUE INDEX account_marketplaces_one_registration ON account_marketplaces (seller_id, marketplace_id) WHERE is_active;
