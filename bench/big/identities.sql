-- A phone for most, an e-mail for half, WeChat for a fifth, a browser for a tenth.
INSERT INTO customers_identity (kind, namespace, value, is_primary, verified_at, created_at, customer_id)
SELECT 'phone', '', '+86' || (13000000000 + id * 137 % 6999999999)::text, true, NULL::timestamptz, created_at, id FROM customers_customer WHERE id % 20 > 2
UNION ALL
SELECT 'email', '', 'c' || id || '@' || (ARRAY['qq.com', '163.com', 'gmail.com', 'outlook.com', 'firm' || id % 5000 || '.cn'])[1 + id % 5], true, NULL::timestamptz, created_at, id FROM customers_customer WHERE id % 2 = 0
UNION ALL
SELECT 'unionid', '', 'u' || md5(id::text), true, NULL::timestamptz, created_at, id FROM customers_customer WHERE id % 5 = 1
UNION ALL
SELECT 'openid', 'wx1', 'o' || md5(id::text), true, NULL::timestamptz, created_at, id FROM customers_customer WHERE id % 1000 = 1
UNION ALL
SELECT 'cookie', 'site', md5('k' || id::text), true, NULL::timestamptz, created_at, id FROM customers_customer WHERE id % 10 = 3;
