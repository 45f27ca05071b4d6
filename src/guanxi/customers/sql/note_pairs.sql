-- Put pairs of customers whom one event named together before a person. A pair decided on stays decided.
INSERT INTO customers_duplicatepair (customer_id, other_id, score, reasons, state, found_at)
SELECT low, high, 0.9, '["named_together"]', 'open', %s
FROM (SELECT DISTINCT * FROM unnest(%s::bigint[], %s::bigint[]) AS p (low, high)) AS pairs
ORDER BY low, high
ON CONFLICT (customer_id, other_id) DO NOTHING
