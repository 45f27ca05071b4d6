-- A few customers are told of a thousand times, most a few times; one event in twelve is a purchase.
INSERT INTO core_event (customer_id, occurred_at, recorded_at, log_xid, actor_kind, name, channel, amount, currency, source, source_key, payload)
SELECT customer_id, at, at, 1, 'customer',
    CASE WHEN chance < 0.083 THEN 'shop.purchase_made' WHEN chance < 0.6 THEN 'web.page_viewed' WHEN chance < 0.9 THEN 'web.product_viewed' ELSE 'web.cart_updated' END,
    CASE WHEN chance < 0.5 THEN 'web' ELSE 'shop' END,
    CASE WHEN chance < 0.083 THEN round((10 + 400 * random() * random())::numeric, 2) END,
    CASE WHEN chance < 0.083 THEN 'CNY' ELSE '' END, 'big', '', '{}'
FROM (
    SELECT c.id AS customer_id, random() AS chance,
        c.created_at + (timestamptz '2026-11-20' - c.created_at) * random() AS at
    FROM customers_customer AS c
    CROSS JOIN LATERAL generate_series(1, ceil(:events::float / :customers * 1.309 * (0.25 + 0.25 / (0.01 + 3 * random())) + 0 * c.id)::int) AS k (n)
    WHERE c.id > 0
) AS told;
