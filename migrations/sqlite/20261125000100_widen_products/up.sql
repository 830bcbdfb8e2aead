-- The kind of a product becomes its type; `kind` is still written, and read by nothing of this version.
ALTER TABLE products ADD COLUMN product_type TEXT NOT NULL DEFAULT 'goods' CHECK (product_type IN ('goods', 'untracked', 'service', 'kit'));
ALTER TABLE products ADD COLUMN barcode TEXT;
ALTER TABLE products ADD COLUMN price_minor BIGINT NOT NULL DEFAULT 0 CHECK (price_minor >= 0);
ALTER TABLE products ADD COLUMN cost_minor BIGINT NOT NULL DEFAULT 0 CHECK (cost_minor >= 0);
ALTER TABLE products ADD COLUMN tax_class TEXT NOT NULL DEFAULT 'standard';
ALTER TABLE products ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
UPDATE products SET product_type = 'service' WHERE kind = 'service';
CREATE INDEX products_by_reference ON products (company_id, is_active, reference, id);
CREATE INDEX products_by_name ON products (company_id, is_active, name, id);
CREATE INDEX products_by_price ON products (company_id, is_active, price_minor, id);
CREATE INDEX products_by_type ON products (company_id, is_active, product_type, reference, id);
CREATE INDEX products_by_barcode ON products (company_id, barcode) WHERE barcode IS NOT NULL;
CREATE INDEX products_without_barcode ON products (company_id, is_active, reference, id) WHERE barcode IS NULL;

CREATE TABLE product_words (
    product_id BIGINT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    word TEXT NOT NULL,
    company_id BIGINT NOT NULL,
    PRIMARY KEY (product_id, word)
) WITHOUT ROWID;
CREATE INDEX product_words_by_word ON product_words (company_id, word, product_id);

CREATE TABLE product_components (
    kit_id BIGINT NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    component_id BIGINT NOT NULL REFERENCES products (id),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (kit_id, component_id),
    CHECK (kit_id <> component_id)
);
CREATE INDEX product_components_by_component ON product_components (component_id);

-- What is on hand is a sum of moves: this index answers it without reading them.
CREATE INDEX moves_by_product ON moves (product_id, state, source_id, destination_id, quantity);

-- A key is never given twice: a page of an import that was given up must not act on a newer one.
CREATE TABLE product_imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    company_id BIGINT NOT NULL REFERENCES companies (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    file_name TEXT NOT NULL,
    encoding TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('uploaded', 'checking', 'checked', 'applying', 'applied', 'failed')),
    heads TEXT NOT NULL,
    mapping TEXT NOT NULL,
    rows_total BIGINT NOT NULL,
    rows_done BIGINT NOT NULL,
    rows_new BIGINT NOT NULL,
    rows_changed BIGINT NOT NULL,
    rows_unchanged BIGINT NOT NULL,
    rows_refused BIGINT NOT NULL,
    problem TEXT,
    lease_until TIMESTAMP NOT NULL,
    fencing BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    content BLOB
);
CREATE INDEX product_imports_by_user ON product_imports (user_id, id);
CREATE INDEX product_imports_due ON product_imports (id) WHERE state IN ('checking', 'applying');

CREATE TABLE product_import_rows (
    import_id BIGINT NOT NULL REFERENCES product_imports (id) ON DELETE CASCADE,
    line BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('new', 'changed', 'unchanged', 'refused')),
    reference TEXT NOT NULL,
    notes TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
);
CREATE INDEX product_import_rows_by_outcome ON product_import_rows (import_id, outcome, line);
