DROP INDEX customers_by_country;
CREATE INDEX customers_by_country ON customers (company_id, country, id);
