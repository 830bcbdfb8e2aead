DROP INDEX sync_runs_under_way;
