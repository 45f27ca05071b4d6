-- Give customers identities; the first of its kind that a customer has is the one to use. Answers those that were
-- free: one that is missing was taken by another transaction meanwhile.
WITH named AS (
    SELECT *
    FROM unnest(%(customer)s::bigint[], %(kind)s::text[], %(namespace)s::text[], %(value)s::text[])
        WITH ORDINALITY AS n (customer_id, kind, namespace, value, place)
)
INSERT INTO customers_identity (customer_id, kind, namespace, value, is_primary, created_at)
SELECT customer_id, kind, namespace, value,
    place = min(place) OVER (PARTITION BY customer_id, kind)
        AND NOT EXISTS (
            SELECT FROM customers_identity AS i WHERE i.customer_id = named.customer_id AND i.kind = named.kind
        ),
    %(at)s::timestamptz
FROM named
ORDER BY kind, namespace, value
ON CONFLICT (kind, namespace, value) DO NOTHING
RETURNING id, customer_id, kind, namespace, value
