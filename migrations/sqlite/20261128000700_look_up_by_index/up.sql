-- An order's charge lines are written again with each update of it: whether a move belongs to one that goes was looked for in all moves.
CREATE INDEX moves_by_line ON moves (order_line_id) WHERE order_line_id IS NOT NULL;

-- The countries of all customers stand above their list: each is found by one look-up instead of in all customers.
CREATE INDEX customers_by_country ON customers (company_id, country, id);

-- Shelves on which more is reserved than there is are looked for after each page of orders, and are few.
CREATE INDEX quants_overdrawn ON quants (product_id, location_id) WHERE reserved > quantity;
