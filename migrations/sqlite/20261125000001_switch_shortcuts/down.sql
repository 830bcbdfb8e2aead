ALTER TABLE users DROP COLUMN has_shortcuts;
