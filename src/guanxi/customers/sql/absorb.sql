-- Absorb a batch: resolve identities, make customers that are new, append events not told before.
-- Answers (identities lost to a transaction that met the same person at once, events appended,
-- [group, customer, …], [created customer …], [customer, other customer, …] of groups that named two people,
-- [key told before …]).
-- Who makes new people passes the gate, a lock that many may share; who must be alone with it took it before.
-- Identities and keys go in sorted, so that two batches wait for each other in one order and never in a circle.
WITH named AS MATERIALIZED (
    SELECT *
    FROM unnest(
        %(identity_group)s::int[], %(identity_kind)s::text[], %(identity_namespace)s::text[],
        %(identity_value)s::text[], %(identity_strength)s::int[]
    ) AS n (grp, kind, namespace, value, strength)
),
looked_up AS MATERIALIZED (
    SELECT named.*, known.customer_id
    FROM named
    LEFT JOIN LATERAL (
        SELECT identity.customer_id
        FROM customers_identity AS identity
        WHERE identity.kind = named.kind AND identity.namespace = named.namespace AND identity.value = named.value
        LIMIT 1
    ) AS known ON true
),
gate AS MATERIALIZED (
    SELECT pg_advisory_xact_lock_shared(%(gate)s::bigint)
    FROM (SELECT FROM looked_up WHERE customer_id IS NULL LIMIT 1) AS somebody_new
),
chosen AS MATERIALIZED (
    SELECT DISTINCT ON (grp) grp, customer_id
    FROM looked_up
    ORDER BY grp, customer_id IS NULL, strength, customer_id
),
resolved AS MATERIALIZED (
    SELECT grp, coalesce(customer_id, nextval('customers_customer_id_seq')) AS customer_id, customer_id IS NULL AS is_new
    FROM chosen
),
made AS (
    INSERT INTO customers_customer (
        id, kind, name, gender, title, company_name, language, country, region, city, address, postcode,
        description, source_id, fields, version, created_at, updated_at
    )
    SELECT customer_id, 'person', '', '', '', '', '', '', '', '', '', '',
        '', %(source_id)s::bigint, '{}', 1, %(now)s::timestamptz, %(now)s::timestamptz
    FROM resolved
    WHERE is_new
    RETURNING id
),
identified AS (
    INSERT INTO customers_identity (customer_id, kind, namespace, value, is_primary, created_at)
    SELECT resolved.customer_id, looked_up.kind, looked_up.namespace, looked_up.value, resolved.is_new,
        %(now)s::timestamptz
    FROM looked_up JOIN resolved USING (grp)
    WHERE looked_up.customer_id IS NULL AND (SELECT count(*) FROM gate) = 1
    ORDER BY looked_up.kind, looked_up.namespace, looked_up.value
    ON CONFLICT (kind, namespace, value) DO NOTHING
    RETURNING 1
),
told AS MATERIALIZED (
    SELECT *
    FROM unnest(
        %(event_group)s::int[], %(event_hash)s::uuid[], %(event_name)s::text[], %(event_at)s::timestamptz[],
        %(event_channel)s::text[], %(event_amount)s::numeric[], %(event_currency)s::text[],
        %(event_key)s::text[], %(event_payload)s::jsonb[]
    ) AS t (grp, hash, name, occurred_at, channel, amount, currency, source_key, payload)
),
claimed AS (
    INSERT INTO core_event_key (key)
    SELECT hash FROM told WHERE hash IS NOT NULL ORDER BY hash
    ON CONFLICT (key) DO NOTHING
    RETURNING key
),
log AS MATERIALIZED (SELECT core_log_xid() AS xid),
appended AS (
    INSERT INTO core_event (
        customer_id, name, occurred_at, recorded_at, actor_kind, actor_id,
        channel, amount, currency, source, source_key, payload, log_xid
    )
    SELECT resolved.customer_id, told.name, told.occurred_at, %(now)s::timestamptz, %(actor_kind)s::text,
        %(actor_id)s::bigint, told.channel, told.amount, told.currency, %(source)s::text, told.source_key,
        told.payload, log.xid
    FROM told JOIN resolved USING (grp) CROSS JOIN log
    WHERE told.hash IS NULL OR told.hash IN (SELECT key FROM claimed)
    RETURNING 1
),
announced AS (
    INSERT INTO core_event (
        customer_id, name, occurred_at, recorded_at, actor_kind, actor_id, source, payload, log_xid
    )
    SELECT customer_id, name, %(now)s::timestamptz, %(now)s::timestamptz,
        %(actor_kind)s::text, %(actor_id)s::bigint, %(source)s::text, payload, log.xid
    FROM (
        SELECT customer_id, 'customers.customer_created' AS name, '{}'::jsonb AS payload
        FROM resolved
        WHERE is_new
        UNION ALL
        SELECT resolved.customer_id, 'customers.identity_added',
            jsonb_build_object('kind', kind, 'namespace', namespace, 'value', value)
        FROM looked_up JOIN resolved USING (grp)
        WHERE looked_up.customer_id IS NULL AND NOT is_new
    ) AS news CROSS JOIN log
)
SELECT
    (SELECT count(*) FROM looked_up WHERE customer_id IS NULL) - (SELECT count(*) FROM identified),
    (SELECT count(*) FROM appended),
    (SELECT array_agg(x) FROM resolved, unnest(ARRAY[grp, customer_id]) AS x),
    coalesce((SELECT array_agg(id) FROM made), '{}'),
    coalesce((
        SELECT array_agg(x)
        FROM (
            SELECT DISTINCT least(r.customer_id, l.customer_id) AS low, greatest(r.customer_id, l.customer_id) AS high
            FROM looked_up AS l JOIN resolved AS r USING (grp)
            WHERE l.customer_id <> r.customer_id
        ) AS pair, unnest(ARRAY[low, high]) AS x
    ), '{}'),
    coalesce((SELECT array_agg(source_key) FROM told WHERE hash NOT IN (SELECT key FROM claimed)), '{}'),
    pg_notify('guanxi_events', '')
