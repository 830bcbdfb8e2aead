-- The list of all transfers, the newest first, is read in this order instead of being sorted for every page.

CREATE INDEX pickings_newest ON pickings (company_id, id);
