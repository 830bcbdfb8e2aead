-- Transfers by deadline, those without one last: lists are read in this order instead of being sorted for every page.

DROP INDEX pickings_by_deadline;
CREATE INDEX pickings_by_deadline ON pickings (company_id, coalesce(ship_by, '9999-12-31 00:00:00'), id);
CREATE INDEX pickings_open_by_deadline ON pickings (company_id, coalesce(ship_by, '9999-12-31 00:00:00'), id)
    WHERE state IN ('draft', 'waiting', 'confirmed', 'assigned');
