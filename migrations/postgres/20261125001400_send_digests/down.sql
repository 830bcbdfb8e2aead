DROP TABLE digests;
DROP INDEX shipments_refused;
ALTER TABLE shipments DROP COLUMN refused_at;
ALTER TABLE users DROP COLUMN gets_digest;
