-- The embedded database finds countries by the index as it is; only PostgreSQL wants another one.
SELECT 1;
