DROP INDEX pickings_open_by_deadline;
DROP INDEX pickings_by_deadline;
CREATE INDEX pickings_by_deadline ON pickings (company_id, state, ship_by, id);
