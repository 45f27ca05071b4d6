-- Staff, departments, stages, sources, tags and fields of the company in the benchmarks.
TRUNCATE customers_customer, customers_stage, customers_source, customers_taggroup, customers_field, core_event CASCADE;
DELETE FROM staff_member WHERE email LIKE '%@big.example';
INSERT INTO staff_role (id, name, scope, permissions, masks_contacts, is_administrator) VALUES
    (9001, 'Big administrator', 'all', '{}', false, true),
    (9002, 'Big salesperson', 'own', '{"customers": ["see", "edit", "export"]}', true, false),
    (9003, 'Big team leader', 'department', '{"customers": ["see", "edit", "export"]}', false, false)
ON CONFLICT (id) DO NOTHING;
INSERT INTO staff_department (id, name, parent_id, path)
SELECT 9000 + n, name, NULL, '/' || 9000 + n || '/' FROM unnest(ARRAY['销售部', '市场部', '客服部']) WITH ORDINALITY AS t (name, n)
ON CONFLICT (id) DO NOTHING;
INSERT INTO staff_member
SELECT (jsonb_populate_record(NULL::staff_member, jsonb_build_object(
    'id', 9000 + n, 'password', '!', 'email', 'm' || n || '@big.example', 'name', 'Member ' || n, 'phone', '', 'language', '',
    'timezone', '', 'theme', '', 'is_active', true, 'created_at', now(), 'department_id', 9001 + n % 3,
    'role_id', CASE WHEN n = 1 THEN 9001 WHEN n < 5 THEN 9003 ELSE 9002 END))).*
FROM generate_series(1, 40) AS n;
INSERT INTO customers_stage (id, name, color, position, is_default)
SELECT n, name, 'blue', n, n = 1 FROM unnest(ARRAY['New', 'In contact', 'First order', 'Regular', 'VIP', 'Lapsed']) WITH ORDINALITY AS t (name, n);
INSERT INTO customers_source (id, name, slug)
SELECT n, name, 'source-' || n FROM unnest(ARRAY['Shop', 'WeChat', 'Website', 'Fair', 'Referral', 'Import', 'Phone', 'Partner']) WITH ORDINALITY AS t (name, n);
INSERT INTO customers_taggroup (id, name, color, is_exclusive, position)
SELECT n, 'Group ' || n, (ARRAY['blue', 'green', 'orange', 'purple', 'red', 'teal'])[n], n = 1, n FROM generate_series(1, 6) AS n;
INSERT INTO customers_tag (id, name, position, archived_at, group_id)
SELECT n, 'Tag ' || n, n, NULL, 1 + (n - 1) / 5 FROM generate_series(1, 30) AS n;
INSERT INTO customers_field (id, slug, name, kind, choices, help_text, is_required, is_indexed, position, archived_at, created_at) VALUES
    (1, 'level', '会员等级', 'choice', '["gold", "silver", "plain"]', '', false, false, 1, NULL, now()),
    (2, 'points', '积分', 'number', '[]', '', false, false, 2, NULL, now()),
    (3, 'renewal', '续费日', 'date', '[]', '', false, false, 3, NULL, now()),
    (4, 'interests', '兴趣', 'multi_choice', '["sport", "music", "travel", "yacht"]', '', false, false, 4, NULL, now()),
    (5, 'newsletter', '订阅', 'yes_no', '[]', '', false, false, 5, NULL, now()),
    (6, 'account', '账号', 'text', '[]', '', false, false, 6, NULL, now()),
    (7, 'adviser', '介绍人', 'reference', '[]', '', false, false, 7, NULL, now()),
    (8, 'page', '主页', 'link', '[]', '', false, false, 8, NULL, now());
SELECT setval(pg_get_serial_sequence(t, 'id'), 10000)
FROM unnest(ARRAY['customers_stage', 'customers_source', 'customers_taggroup', 'customers_tag', 'customers_field', 'staff_member', 'staff_role', 'staff_department']) AS t;
