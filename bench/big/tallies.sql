-- What the reader of the log would have kept.
TRUNCATE customers_tally;
INSERT INTO customers_tally (customer_id, event_count, first_event_at, last_event_at, purchase_count, purchase_total, currency, last_purchase_at)
SELECT c.id, coalesce(e.events, 0), e.first_at, e.last_at, coalesce(e.purchases, 0), coalesce(e.total, 0), coalesce(e.currency, ''), e.bought_at
FROM customers_customer AS c LEFT JOIN (
    SELECT customer_id, count(*) AS events, min(occurred_at) AS first_at, max(occurred_at) AS last_at,
        count(*) FILTER (WHERE amount IS NOT NULL) AS purchases, sum(amount) AS total, max(currency) AS currency,
        max(occurred_at) FILTER (WHERE amount IS NOT NULL) AS bought_at
    FROM core_event GROUP BY customer_id
) AS e ON e.customer_id = c.id;
