-- Keep what an import did to customers, so that it can be undone; what an earlier batch kept is replaced by what
-- the caller made of both.
INSERT INTO customers_importedcustomer (of_import_id, customer_id, was_created, before)
SELECT %(import)s, t.customer_id, t.was_created, t.before
FROM jsonb_to_recordset(%(done)s::jsonb) AS t (customer_id bigint, was_created boolean, before jsonb)
ON CONFLICT (of_import_id, customer_id) DO UPDATE SET before = excluded.before
