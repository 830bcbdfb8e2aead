DROP INDEX pickings_by_carrier;
ALTER TABLE account_marketplaces DROP COLUMN carrier_id;
ALTER TABLE accounts DROP COLUMN carrier_id;
