-- Customers made over three years: the higher the id, the newer. Old ones have mostly lapsed.
INSERT INTO customers_customer (id, kind, name, gender, birth_date, title, company_name, language, country, region, city,
    address, postcode, description, fields, version, created_at, updated_at, merged_into_id, owner_id, source_id, stage_id)
SELECT n, b.kind, b.name,
    CASE WHEN r.gender < 0.44 THEN 'female' WHEN r.gender < 0.86 THEN 'male' WHEN r.gender < 0.861 THEN 'other' ELSE '' END,
    CASE WHEN r.birth < 0.6 THEN date '1950-01-01' + (r.birth / 0.6 * 20000)::int END,
    CASE WHEN r.title < 0.2 THEN (ARRAY['经理', '总监', '工程师', 'CEO', 'Buyer', '老师', '店长', '采购'])[1 + (r.title * 40)::int % 8] ELSE '' END,
    CASE WHEN r.company < 0.15 THEN (SELECT c.name FROM big_name AS c WHERE c.number = 25 * (r.company / 0.15 * 1199)::int) ELSE '' END,
    CASE WHEN r.language < 0.7 THEN 'zh-hans' WHEN r.language < 0.8 THEN 'en' WHEN r.language < 0.8005 THEN 'fr' ELSE '' END,
    CASE WHEN r.country < 0.9 THEN 'CN' WHEN r.country < 0.95 THEN 'US' WHEN r.country < 0.951 THEN 'IS' ELSE '' END,
    CASE WHEN r.place < 0.8 THEN (ARRAY['上海', '北京', '广东', '广东', '浙江', '四川', '湖北', '江苏', '江苏', '陕西'])[1 + (power(r.place / 0.8, 2.2) * 9.99)::int % 10] ELSE '' END,
    CASE WHEN r.place < 0.8 THEN (ARRAY['上海', '北京', '深圳', '广州', '杭州', '成都', '武汉', '南京', '苏州', '西安'])[1 + (power(r.place / 0.8, 2.2) * 9.99)::int % 10]
        WHEN r.place < 0.9 THEN 'City ' || (r.place * 10000)::int ELSE '' END,
    '', '', '',
    jsonb_strip_nulls(jsonb_build_object(
        '1', CASE WHEN r.level < 0.02 THEN 'gold' WHEN r.level < 0.15 THEN 'silver' WHEN r.level < 0.7 THEN 'plain' END,
        '2', CASE WHEN r.points < 0.5 THEN (r.points * r.points * 40000)::int::text END,
        '3', CASE WHEN r.renewal < 0.3 THEN (date '2025-01-01' + (r.renewal * 3000)::int)::text END,
        '4', CASE WHEN r.interest < 0.001 THEN '["yacht"]'::jsonb WHEN r.interest < 0.2 THEN '["sport", "music"]'::jsonb WHEN r.interest < 0.4 THEN '["travel"]'::jsonb END,
        '5', CASE WHEN r.newsletter < 0.25 THEN true WHEN r.newsletter < 0.5 THEN false END,
        '6', CASE WHEN r.account < 0.3 THEN 'A-' || lpad(n::text, 8, '0') END,
        '7', CASE WHEN r.account > 0.95 THEN 1 + (r.points * 900)::int END)),
    1, m.at, m.at, NULL,
    CASE WHEN r.owner < 0.6 THEN 9001 + (power(r.owner / 0.6, 2) * 39.99)::int END,
    1 + (power(r.source, 2) * 7.99)::int,
    CASE WHEN n < :customers * 0.5 AND r.stage < 0.6 THEN 6 WHEN r.stage < 0.65 THEN 1 WHEN r.stage < 0.8 THEN 2 WHEN r.stage < 0.9 THEN 3 WHEN r.stage < 0.97 THEN 4 WHEN r.stage < 0.975 THEN 5 END
FROM generate_series(1, :customers) AS n
CROSS JOIN LATERAL (SELECT random() AS gender, random() AS birth, random() AS title, random() AS company, random() AS language,
    random() AS country, random() AS place, random() AS level, random() AS points, random() AS renewal, random() AS interest,
    random() AS newsletter, random() AS account, random() AS owner, random() AS source, random() AS stage, (random() * 29999)::int AS name, n AS of) AS r
CROSS JOIN LATERAL (SELECT timestamptz '2026-11-01' - interval '1095 days' * (1 - n::float / :customers) AS at) AS m
JOIN big_name AS b ON b.number = r.name;
SELECT setval(pg_get_serial_sequence('customers_customer', 'id'), :customers + 1);
