-- The kit inside which goods moved, so that a return brings back what left with it and not what its recipe says by then.
-- Without a reference of its own: it is the product of the move beside it, which has one.

ALTER TABLE moves ADD COLUMN kit_id BIGINT;

-- Done moves are final: they are not deleted either.
CREATE TRIGGER done_moves_stay BEFORE DELETE ON moves WHEN OLD.state = 'done'
BEGIN SELECT RAISE(ABORT, 'a done move is never deleted'); END;
