-- Move customers to a stage; answers (customer, former stage) of those that were elsewhere.
WITH former AS (
    SELECT id, stage_id
    FROM customers_customer
    WHERE id = ANY (%(customers)s::bigint[])
      AND merged_into_id IS NULL
      AND stage_id IS DISTINCT FROM %(stage)s::bigint
    ORDER BY id
    FOR UPDATE
)
UPDATE customers_customer AS c
SET stage_id = %(stage)s::bigint, version = version + 1, updated_at = %(at)s
FROM former
WHERE c.id = former.id
RETURNING c.id, former.stage_id
