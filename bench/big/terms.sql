-- The very terms that refresh_terms would write for the names, and the e-mails' own.
TRUNCATE customers_searchterm;
INSERT INTO customers_searchterm (term, customer_id)
SELECT DISTINCT term, id FROM (
    SELECT unnest(b.terms) AS term, c.id FROM customers_customer AS c JOIN (SELECT DISTINCT ON (name) name, terms FROM big_name) AS b USING (name)
    UNION ALL
    SELECT unnest(ARRAY[value, split_part(value, '@', 1), split_part(value, '@', 2)]), customer_id FROM customers_identity WHERE kind = 'email'
) AS told;
