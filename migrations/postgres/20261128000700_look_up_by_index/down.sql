DROP INDEX quants_overdrawn;
DROP INDEX customers_by_country;
DROP INDEX moves_by_line;
