-- Fill the blank columns of customers from a JSON list of {id, trait: text}; answers the ids that changed.
WITH told AS (
    SELECT *
    FROM jsonb_to_recordset(%s::jsonb) AS t (
        id bigint, name text, gender text, title text, company_name text, language text, country text,
        region text, city text, address text, postcode text
    )
),
locked AS (
    SELECT c.id FROM customers_customer AS c JOIN told USING (id) ORDER BY c.id FOR UPDATE OF c
)
UPDATE customers_customer AS c
SET name = coalesce(nullif(c.name, ''), t.name, ''),
    gender = coalesce(nullif(c.gender, ''), t.gender, ''),
    title = coalesce(nullif(c.title, ''), t.title, ''),
    company_name = coalesce(nullif(c.company_name, ''), t.company_name, ''),
    language = coalesce(nullif(c.language, ''), t.language, ''),
    country = coalesce(nullif(c.country, ''), t.country, ''),
    region = coalesce(nullif(c.region, ''), t.region, ''),
    city = coalesce(nullif(c.city, ''), t.city, ''),
    address = coalesce(nullif(c.address, ''), t.address, ''),
    postcode = coalesce(nullif(c.postcode, ''), t.postcode, ''),
    version = c.version + 1,
    updated_at = %s
FROM told AS t JOIN locked USING (id)
WHERE c.id = t.id
  AND (
    (c.name = '' AND t.name <> '') OR (c.gender = '' AND t.gender <> '') OR (c.title = '' AND t.title <> '')
    OR (c.company_name = '' AND t.company_name <> '') OR (c.language = '' AND t.language <> '')
    OR (c.country = '' AND t.country <> '') OR (c.region = '' AND t.region <> '')
    OR (c.city = '' AND t.city <> '') OR (c.address = '' AND t.address <> '')
    OR (c.postcode = '' AND t.postcode <> '')
  )
RETURNING c.id
