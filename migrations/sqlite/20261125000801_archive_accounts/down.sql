ALTER TABLE accounts DROP COLUMN archived_at;
ALTER TABLE accounts DROP COLUMN unlinked_at;
