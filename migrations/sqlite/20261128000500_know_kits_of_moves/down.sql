DROP TRIGGER done_moves_stay;
ALTER TABLE moves DROP COLUMN kit_id;
