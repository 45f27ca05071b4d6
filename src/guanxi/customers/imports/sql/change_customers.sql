-- Set every column that an import may write to what a JSON list says; the rows are locked and complete.
UPDATE customers_customer AS c
SET kind = t.kind, name = t.name, gender = t.gender, birth_date = t.birth_date, title = t.title,
    company_name = t.company_name, language = t.language, country = t.country, region = t.region, city = t.city,
    address = t.address, postcode = t.postcode, description = t.description, source_id = t.source_id,
    fields = t.fields, version = c.version + 1, updated_at = %(at)s::timestamptz
FROM jsonb_to_recordset(%(changed)s::jsonb) AS t (
    id bigint, kind text, name text, gender text, birth_date date, title text, company_name text, language text,
    country text, region text, city text, address text, postcode text, description text, source_id bigint,
    fields jsonb
)
WHERE c.id = t.id
