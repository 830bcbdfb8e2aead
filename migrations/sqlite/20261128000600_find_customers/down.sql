-- The embedded database finds customers by both parts of their key as it is; only PostgreSQL wants another order.
SELECT 1;
