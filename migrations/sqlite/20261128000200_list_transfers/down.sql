DROP INDEX pickings_newest;
