-- An account whose authorization was forgotten, and one that lists no longer show.
ALTER TABLE accounts ADD COLUMN unlinked_at TIMESTAMP;
ALTER TABLE accounts ADD COLUMN archived_at TIMESTAMP;
