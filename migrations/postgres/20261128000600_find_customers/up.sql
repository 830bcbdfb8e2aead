-- A page of orders looks its customers up by their references. The reference comes first in the key: with the company first, and no
-- statistics yet, PostgreSQL read all customers of the company for each page (docs/performance.md).
CREATE UNIQUE INDEX customers_once ON customers (buyer_ref, company_id);
ALTER TABLE customers ADD CONSTRAINT customers_once UNIQUE USING INDEX customers_once;
ALTER TABLE customers DROP CONSTRAINT customers_company_id_buyer_ref_key;
