COPY (
    -- What the duplicate finder reads of each customer. The primary phone and e-mail, else the greatest.
    SELECT c.id, c.kind, c.name, c.birth_date, c.city, c.postcode, c.address, c.company_name, i.*{own}
    FROM customers_customer AS c
    LEFT JOIN (
        SELECT customer_id,
            coalesce(
                max(value) FILTER (WHERE kind = 'phone' AND is_primary), max(value) FILTER (WHERE kind = 'phone')
            ) AS phone,
            coalesce(
                max(value) FILTER (WHERE kind = 'email' AND is_primary), max(value) FILTER (WHERE kind = 'email')
            ) AS email{strong}
        FROM customers_identity
        WHERE kind IN ('phone', 'email', 'external', 'unionid')
        GROUP BY customer_id
    ) AS i ON i.customer_id = c.id
    WHERE c.merged_into_id IS NULL AND (c.name <> '' OR i.phone IS NOT NULL OR i.email IS NOT NULL)
) TO STDOUT (FORMAT csv, HEADER)
