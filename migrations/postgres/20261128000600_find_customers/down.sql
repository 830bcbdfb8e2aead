ALTER TABLE customers DROP CONSTRAINT customers_once;
ALTER TABLE customers ADD CONSTRAINT customers_company_id_buyer_ref_key UNIQUE (company_id, buyer_ref);
