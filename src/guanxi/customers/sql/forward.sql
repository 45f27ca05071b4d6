-- Hand events and identities that came to a record after it was merged on to the one that stands for it.
WITH strays AS (
    SELECT * FROM unnest(%(merged)s::bigint[], %(survivor)s::bigint[]) AS s (merged, survivor)
),
named AS (
    UPDATE customers_identity AS i
    SET customer_id = strays.survivor, is_primary = false
    FROM strays
    WHERE i.customer_id = strays.merged
)
UPDATE core_event AS e
SET customer_id = strays.survivor
FROM strays
WHERE e.customer_id = strays.merged AND e.id = ANY (%(events)s::bigint[])
