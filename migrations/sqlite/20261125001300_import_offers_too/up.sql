-- Files of offers are imported in the same steps as files of products: the tables are named after files.
DROP INDEX product_imports_by_user;
DROP INDEX product_imports_due;
DROP INDEX product_import_rows_by_outcome;
ALTER TABLE product_imports RENAME TO file_imports;
ALTER TABLE product_import_rows RENAME TO file_import_rows;
-- Whose offers the rows are, unless a row names another account.
ALTER TABLE file_imports ADD COLUMN account_id BIGINT REFERENCES accounts (id);
ALTER TABLE file_imports ADD COLUMN subject TEXT NOT NULL DEFAULT 'products' CHECK (subject IN ('products', 'offers'));
-- Order lines that waited for a product and took it.
ALTER TABLE file_imports ADD COLUMN lines_mended BIGINT NOT NULL DEFAULT 0;
CREATE INDEX file_imports_by_user ON file_imports (user_id, id);
CREATE INDEX file_imports_due ON file_imports (id) WHERE state IN ('checking', 'applying');
CREATE INDEX file_import_rows_by_outcome ON file_import_rows (import_id, outcome, line);
