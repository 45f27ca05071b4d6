-- Append events, skipping those whose (source, key) was told before. Answers how many were appended.
-- The keys go in first and in order: of two transactions that tell the same, the second waits here for the first.
WITH told AS (
    SELECT *
    FROM unnest(
        %s::uuid[], %s::bigint[], %s::text[], %s::timestamptz[], %s::text[], %s::bigint[],
        %s::text[], %s::numeric[], %s::text[], %s::text[], %s::text[], %s::jsonb[]
    ) AS t (
        key, customer_id, name, occurred_at, actor_kind, actor_id,
        channel, amount, currency, source, source_key, payload
    )
),
claimed AS (
    INSERT INTO core_event_key (key)
    SELECT key FROM told WHERE key IS NOT NULL ORDER BY key
    ON CONFLICT (key) DO NOTHING
    RETURNING key
),
appended AS (
    INSERT INTO core_event (
        customer_id, name, occurred_at, actor_kind, actor_id,
        channel, amount, currency, source, source_key, payload, log_xid
    )
    SELECT
        told.customer_id, told.name, told.occurred_at, told.actor_kind, told.actor_id,
        told.channel, told.amount, told.currency, told.source, told.source_key, told.payload, x.log_xid
    FROM told CROSS JOIN (SELECT core_log_xid() AS log_xid) AS x
    WHERE told.key IS NULL OR told.key IN (SELECT key FROM claimed)
    RETURNING 1
)
SELECT count(*), (SELECT pg_notify('guanxi_events', '') WHERE EXISTS (SELECT FROM appended)) FROM appended
