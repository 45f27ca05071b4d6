-- Of the `scan` customers heard of last, the first that the member may see; `owners` is NULL for who sees all.
-- Carried by customers_tally_event; costs the same however many customers there are.
SELECT latest.customer_id
FROM (
    SELECT customer_id, last_event_at FROM customers_tally
    WHERE last_event_at <= %(now)s
    ORDER BY last_event_at DESC, customer_id DESC
    LIMIT %(scan)s
) AS latest
JOIN customers_customer AS c ON c.id = latest.customer_id
WHERE c.merged_into_id IS NULL
  AND (
    %(owners)s::bigint[] IS NULL
    OR c.owner_id = ANY (%(owners)s::bigint[])
    OR EXISTS (
        SELECT FROM customers_collaborator AS k WHERE k.customer_id = c.id AND k.member_id = %(member)s
    )
  )
ORDER BY latest.last_event_at DESC, latest.customer_id DESC
LIMIT %(most)s
