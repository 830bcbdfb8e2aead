-- Every page says whether a synchronization is under way: few runs are, among the many that ended.

CREATE INDEX sync_runs_under_way ON sync_runs (account_id) WHERE state IN ('queued', 'running', 'waiting');
