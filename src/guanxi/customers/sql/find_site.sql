-- The website behind the public key of a snippet, unless it is archived. Carried by the unique index of key.
SELECT id, key, origins, needs_consent, trusts_pages
FROM customers_website
WHERE key = %s AND archived_at IS NULL
