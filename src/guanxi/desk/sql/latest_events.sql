-- Which event is the latest of each of these customers. Carried by the primary key of core_event, once a customer.
SELECT e.customer_id, e.occurred_at, e.id
FROM unnest(%(customers)s::bigint[]) AS wanted (id)
CROSS JOIN LATERAL (
    SELECT customer_id, occurred_at, id FROM core_event WHERE customer_id = wanted.id ORDER BY occurred_at DESC, id DESC LIMIT 1
) AS e
