-- Transfers by where they stand with Amazon: what waits, what is refused, what is unanswered.

CREATE INDEX pickings_by_sync ON pickings (company_id, amazon_sync, state, id);
