-- Give customers to an owner and write the change down; answers (customer, former owner) of those that had another.
WITH former AS (
    SELECT id, owner_id
    FROM customers_customer
    WHERE id = ANY (%(customers)s::bigint[])
      AND merged_into_id IS NULL
      AND owner_id IS DISTINCT FROM %(to)s::bigint
    ORDER BY id
    FOR UPDATE
),
written AS (
    INSERT INTO customers_ownershipchange (
        customer_id, from_member_id, to_member_id, changed_by_id, reason, changed_at
    )
    SELECT id, owner_id, %(to)s::bigint, %(by)s::bigint, %(reason)s, %(at)s FROM former
)
UPDATE customers_customer AS c
SET owner_id = %(to)s::bigint, version = version + 1, updated_at = %(at)s
FROM former
WHERE c.id = former.id
RETURNING c.id, former.owner_id
