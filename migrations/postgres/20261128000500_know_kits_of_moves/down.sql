DROP TRIGGER done_moves_stay ON moves;
ALTER TABLE moves DROP COLUMN kit_id;
