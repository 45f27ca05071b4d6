-- Keep the pairs of a scan. What a person has decided stands; open pairs take the new score; open pairs of earlier
-- scans that were not found again go. Customers merged or deleted while the scan ran are passed over.
WITH kept AS (
    INSERT INTO customers_duplicatepair (customer_id, other_id, score, reasons, state, found_at)
    SELECT f.customer_id, f.other_id, f.score, f.reasons, 'open', %(at)s
    FROM found_pair AS f
    JOIN customers_customer AS one ON one.id = f.customer_id AND one.merged_into_id IS NULL
    JOIN customers_customer AS other ON other.id = f.other_id AND other.merged_into_id IS NULL
    ORDER BY f.customer_id, f.other_id
    ON CONFLICT (customer_id, other_id) DO UPDATE
    SET score = excluded.score, reasons = excluded.reasons, found_at = excluded.found_at
    WHERE customers_duplicatepair.state = 'open'
    RETURNING 1
),
gone AS (
    DELETE FROM customers_duplicatepair AS p
    WHERE p.state = 'open' AND p.found_at < %(at)s
      AND NOT EXISTS (
        SELECT FROM found_pair AS f WHERE f.customer_id = p.customer_id AND f.other_id = p.other_id
      )
      AND NOT p.reasons ? 'named_together'  -- those come from events, not from a scan
)
SELECT count(*) FROM kept
