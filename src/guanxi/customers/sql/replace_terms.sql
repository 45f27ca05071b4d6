-- Make the search terms of these customers exactly the ones given. Rows that stay are not touched.
WITH wanted AS (
    SELECT DISTINCT * FROM unnest(%(customer)s::bigint[], %(term)s::text[] COLLATE "C") AS w (customer_id, term)
),
gone AS (
    DELETE FROM customers_searchterm AS s
    WHERE s.customer_id = ANY (%(customers)s::bigint[])
      AND NOT EXISTS (SELECT FROM wanted AS w WHERE w.customer_id = s.customer_id AND w.term = s.term)
)
INSERT INTO customers_searchterm (term, customer_id)
SELECT term, customer_id FROM wanted ORDER BY term, customer_id
ON CONFLICT DO NOTHING
