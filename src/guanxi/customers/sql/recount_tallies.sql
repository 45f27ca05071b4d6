-- Count the tallies of these customers afresh from their events up to a position in the log: what lies beyond, the
-- tallies' reader will add itself. The currency is that of the first purchase.
WITH mine AS (
    SELECT e.*
    FROM core_event AS e
    WHERE e.customer_id = ANY (%(customers)s::bigint[])
      AND (e.log_xid, e.id) <= (%(xid)s, %(event)s)
),
currencies AS (
    SELECT DISTINCT ON (customer_id) customer_id, currency
    FROM mine
    WHERE name = ANY (%(purchases)s::text[]) AND amount IS NOT NULL
    ORDER BY customer_id, log_xid, id
),
sums AS (
    SELECT mine.customer_id,
        count(*) AS events, min(occurred_at) AS first_at, max(occurred_at) AS last_at,
        count(*) FILTER (WHERE name = ANY (%(purchases)s::text[]) AND amount > 0) AS purchases,
        coalesce(sum(amount) FILTER (
            WHERE name = ANY (%(purchases)s::text[]) AND mine.currency = currencies.currency
        ), 0) AS total,
        coalesce(max(currencies.currency), '') AS currency,
        max(occurred_at) FILTER (WHERE name = ANY (%(purchases)s::text[]) AND amount > 0) AS purchase_at
    FROM mine LEFT JOIN currencies USING (customer_id)
    GROUP BY mine.customer_id
),
gone AS (
    DELETE FROM customers_tally
    WHERE customer_id = ANY (%(customers)s::bigint[]) AND customer_id NOT IN (SELECT customer_id FROM sums)
)
INSERT INTO customers_tally AS t (
    customer_id, event_count, first_event_at, last_event_at, purchase_count, purchase_total, currency, last_purchase_at
)
SELECT customer_id, events, first_at, last_at, purchases, total, currency, purchase_at FROM sums
WHERE EXISTS (SELECT FROM customers_customer AS c WHERE c.id = sums.customer_id)
ON CONFLICT (customer_id) DO UPDATE SET
    event_count = excluded.event_count,
    first_event_at = excluded.first_event_at,
    last_event_at = excluded.last_event_at,
    purchase_count = excluded.purchase_count,
    purchase_total = excluded.purchase_total,
    currency = excluded.currency,
    last_purchase_at = excluded.last_purchase_at
