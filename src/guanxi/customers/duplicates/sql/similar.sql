-- Customers like the one being typed: {id, [[field, level], …]}, the likeliest first. Carried by the unique index of
-- identities and by the primary key of search terms; of a name at most 200 bearers are looked at.
WITH known AS (
    SELECT customer_id AS id, kind AS field, 'same' AS level, 4 AS weight
    FROM customers_identity
    WHERE namespace = '' AND ((kind = 'phone' AND value = %(phone)s) OR (kind = 'email' AND value = %(email)s))
    UNION ALL
    (
        SELECT customer_id, 'name', 'same', 1
        FROM customers_searchterm
        WHERE term = %(term)s AND %(term)s <> ''
        LIMIT 200
    )
),
bearers AS (SELECT count(*) AS count FROM known WHERE field = 'name'),
told AS (
    SELECT c.id, k.field, CASE WHEN k.field = 'name' AND lower(c.name) <> %(name)s THEN 'close' ELSE k.level END AS level,
        k.weight
    FROM known AS k JOIN customers_customer AS c ON c.id = k.id
    UNION
    SELECT c.id, more.field, 'same', more.weight
    FROM known AS k
    JOIN customers_customer AS c ON c.id = k.id
    CROSS JOIN LATERAL (VALUES
        ('birth_date', 3, c.birth_date::text = %(birth)s),
        ('city', 1, c.city = %(city)s AND c.city <> ''),
        ('company_name', 2, c.company_name = %(company)s AND c.company_name <> ''),
        ('email', 2, %(local)s <> '' AND EXISTS (
            SELECT FROM customers_identity AS i
            WHERE i.customer_id = c.id AND i.kind = 'email' AND i.value <> %(email)s
              AND split_part(i.value, '@', 1) = %(local)s
        ))
    ) AS more (field, weight, agrees)
    WHERE more.agrees
)
SELECT id, array_agg(ARRAY[field, level] ORDER BY weight DESC, field)
FROM told
GROUP BY id
HAVING sum(weight) >= 2 OR (SELECT count FROM bearers) <= 2
ORDER BY sum(weight) DESC, id DESC
LIMIT 20
