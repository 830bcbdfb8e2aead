ALTER TABLE account_marketplaces DROP COLUMN location_id;
ALTER TABLE account_marketplaces DROP COLUMN team_id;
