-- Take tags off customers; answers (tag, customer) of what was taken.
DELETE FROM customers_customertag
WHERE tag_id = ANY (%s::bigint[]) AND customer_id = ANY (%s::bigint[])
RETURNING tag_id, customer_id
