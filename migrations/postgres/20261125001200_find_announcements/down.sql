DROP INDEX pickings_by_sync;
