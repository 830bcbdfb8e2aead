-- A marketplace of a registration may have a team and a location of its own; without one it has the registration's.
ALTER TABLE account_marketplaces ADD COLUMN team_id BIGINT REFERENCES teams (id);
ALTER TABLE account_marketplaces ADD COLUMN location_id BIGINT REFERENCES locations (id);
