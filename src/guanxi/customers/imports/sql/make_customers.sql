-- Make the customers of a JSON list; their ids were drawn before, so that identities and events can name them.
INSERT INTO customers_customer (
    id, kind, name, gender, birth_date, title, company_name, language, country, region, city, address, postcode,
    description, stage_id, owner_id, source_id, fields, version, created_at, updated_at
)
SELECT
    id, kind, name, gender, birth_date, title, company_name, language, country, region, city, address, postcode,
    description, stage_id, owner_id, source_id, fields, 1, created_at, %(at)s::timestamptz
FROM jsonb_to_recordset(%(made)s::jsonb) AS t (
    id bigint, kind text, name text, gender text, birth_date date, title text, company_name text, language text,
    country text, region text, city text, address text, postcode text, description text, stage_id bigint,
    owner_id bigint, source_id bigint, fields jsonb, created_at timestamptz
)
