DROP TABLE custom_marketplaces;
DROP TABLE link_requests;
DROP TABLE participations;
DROP TABLE account_links;
