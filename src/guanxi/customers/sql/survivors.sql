-- Of these customers, those that a merge took up, each with the record that stands for it now.
WITH RECURSIVE standing AS (
    SELECT id, merged_into_id AS survivor
    FROM customers_customer
    WHERE id = ANY (%s::bigint[]) AND merged_into_id IS NOT NULL
    UNION ALL
    SELECT standing.id, next.merged_into_id
    FROM standing JOIN customers_customer AS next ON next.id = standing.survivor
    WHERE next.merged_into_id IS NOT NULL
)
SELECT DISTINCT standing.id, standing.survivor
FROM standing JOIN customers_customer AS last ON last.id = standing.survivor AND last.merged_into_id IS NULL
ORDER BY standing.id
