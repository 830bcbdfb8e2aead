-- How an account was authorized and what Amazon grants it; an account without a row was registered by hand.
CREATE TABLE account_links (
    account_id BIGINT PRIMARY KEY NOT NULL REFERENCES accounts (id),
    signup_marketplace TEXT NOT NULL,
    authorized_by TEXT NOT NULL CHECK (authorized_by IN ('consent', 'token')),
    authorized_at TIMESTAMP,
    secret_entered_at TIMESTAMP,
    refused_data TEXT NOT NULL,
    tested_at TIMESTAMP,
    marketplaces_read_at TIMESTAMP
);
INSERT INTO account_links (account_id, signup_marketplace, authorized_by, authorized_at, secret_entered_at, refused_data)
SELECT id, '', 'token', created_at, created_at, '' FROM accounts;

-- Where Amazon says that the seller of an account may sell, as read last.
CREATE TABLE participations (
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    marketplace_id TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    currency TEXT NOT NULL,
    is_participating BOOLEAN NOT NULL,
    is_suspended BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, marketplace_id)
);

-- Consents that were asked for at Amazon: each is answered once, in the session that asked.
CREATE TABLE link_requests (
    state_hash TEXT PRIMARY KEY NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    session_hash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX link_requests_by_end ON link_requests (expires_at);

-- Marketplaces that a company added to those that come with the product.
CREATE TABLE custom_marketplaces (
    company_id BIGINT NOT NULL REFERENCES companies (id),
    marketplace_id TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    currency TEXT NOT NULL,
    region TEXT NOT NULL CHECK (region IN ('na', 'eu', 'fe')),
    seller_central_url TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (company_id, marketplace_id)
);
