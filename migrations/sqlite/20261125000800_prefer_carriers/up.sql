-- The carrier of new transfers: an account's, and one that a marketplace of it has of its own. Carriers are never deleted.
ALTER TABLE accounts ADD COLUMN carrier_id BIGINT;
ALTER TABLE account_marketplaces ADD COLUMN carrier_id BIGINT;
-- How often a carrier was used lately.
CREATE INDEX pickings_by_carrier ON pickings (company_id, done_at, carrier_id) WHERE carrier_id IS NOT NULL;
