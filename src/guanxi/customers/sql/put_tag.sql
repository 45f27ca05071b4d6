-- Put a tag on customers that exist and do not carry it; answers whom it was put on.
INSERT INTO customers_customertag (customer_id, tag_id, how, member_id, created_at)
SELECT c.id, %s, %s, %s, %s
FROM (SELECT DISTINCT unnest(%s::bigint[]) AS id) AS wanted JOIN customers_customer AS c USING (id)
WHERE c.merged_into_id IS NULL
ORDER BY c.id
ON CONFLICT DO NOTHING
RETURNING customer_id
