ALTER TABLE shipments DROP COLUMN is_correction;
