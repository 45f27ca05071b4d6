-- Add sums of new events to the tallies. Events of customers that are gone (an import undone) are passed over.
INSERT INTO customers_tally AS t (
    customer_id, event_count, first_event_at, last_event_at, purchase_count, purchase_total, currency, last_purchase_at
)
SELECT s.*
FROM unnest(
    %s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::bigint[], %s::numeric[], %s::text[],
    %s::timestamptz[]
) AS s (customer_id, events, first_at, last_at, purchases, total, currency, purchase_at)
WHERE EXISTS (SELECT FROM customers_customer AS c WHERE c.id = s.customer_id)
ON CONFLICT (customer_id) DO UPDATE SET
    event_count = t.event_count + excluded.event_count,
    first_event_at = least(t.first_event_at, excluded.first_event_at),
    last_event_at = greatest(t.last_event_at, excluded.last_event_at),
    purchase_count = t.purchase_count + excluded.purchase_count,
    purchase_total = t.purchase_total
        + CASE WHEN t.currency IN ('', excluded.currency) THEN excluded.purchase_total ELSE 0 END,
    currency = coalesce(nullif(t.currency, ''), excluded.currency),
    last_purchase_at = greatest(t.last_purchase_at, excluded.last_purchase_at)
