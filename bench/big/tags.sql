-- From 36 % of the customers for the commonest tag down to 200 for the rarest; tag 25 only among the oldest.
INSERT INTO customers_customertag (tag_id, customer_id, how, member_id, created_at)
SELECT t.id, c.id, 'manual', 9001, c.created_at
FROM customers_tag AS t JOIN customers_customer AS c
    ON hashint8extended(c.id, t.id) & 1048575 < 1048576 * CASE WHEN t.id = 30 THEN 0.0002 ELSE 0.4 / power(t.id::float, 1.3) END
WHERE t.id <> 25 OR c.id < :customers / 20;
