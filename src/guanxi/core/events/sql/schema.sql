-- The event log. Partitioned by when it happened; the primary key is the timeline of one customer and begins
-- with customer_id, so that the table can be distributed by customer as it stands.

-- A dump restored into another cluster starts with young transaction numbers. The offset keeps log_xid rising:
-- `guanxi migrate` lifts it when it finds another system identifier.
CREATE TABLE core_log_epoch (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    system_identifier bigint NOT NULL,
    xid_offset bigint NOT NULL DEFAULT 0
);
INSERT INTO core_log_epoch (system_identifier)
SELECT system_identifier FROM pg_control_system();

CREATE FUNCTION core_log_xid() RETURNS bigint LANGUAGE sql VOLATILE AS
$$ SELECT pg_current_xact_id()::text::bigint + xid_offset FROM core_log_epoch $$;

-- Every transaction that could still append an event has a log_xid at or above this. Transactions of other databases on
-- the same server share the numbers and cannot append here: they are left out where this role may see whose they are.
CREATE FUNCTION core_log_horizon() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    WITH present AS MATERIALIZED (SELECT pg_current_snapshot() AS snapshot)
    SELECT coalesce(
        (
            SELECT min(running::text::bigint)
            FROM present, pg_snapshot_xip(present.snapshot) AS running
            WHERE NOT EXISTS (
                SELECT FROM pg_stat_activity AS other
                WHERE other.backend_xid = running::xid AND other.datname <> current_database()
            )
        ),
        (SELECT pg_snapshot_xmax(present.snapshot)::text::bigint FROM present)
    ) + xid_offset
    FROM core_log_epoch
$$;

CREATE TABLE core_event_key (
    key uuid PRIMARY KEY,
    recorded_at timestamptz NOT NULL DEFAULT now()
);

CREATE SEQUENCE core_event_id_seq AS bigint CACHE 32;

CREATE TABLE core_event (
    id bigint NOT NULL DEFAULT nextval('core_event_id_seq'),
    customer_id bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    log_xid bigint NOT NULL DEFAULT core_log_xid(),
    actor_id bigint,
    amount numeric(20, 4),
    name text NOT NULL,
    actor_kind text NOT NULL,
    channel text NOT NULL DEFAULT '',
    currency text NOT NULL DEFAULT '',
    source text NOT NULL DEFAULT '',
    source_key text NOT NULL DEFAULT '',
    payload jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (customer_id, occurred_at, id)
) PARTITION BY RANGE (occurred_at);

CREATE INDEX core_event_log ON core_event (log_xid, id);

-- Makes the partitions that hold everything up to `until`: one for all that is older than `since`, then one a
-- quarter. Answers the names of those it made.
CREATE FUNCTION core_event_partitions(since date, until date) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    lower date := date_trunc('quarter', since);
    upper date;
    title text;
BEGIN
    IF to_regclass('core_event_past') IS NULL THEN
        EXECUTE format(
            'CREATE TABLE core_event_past PARTITION OF core_event FOR VALUES FROM (MINVALUE) TO (%L)',
            lower::timestamp AT TIME ZONE 'UTC'
        );
        RETURN NEXT 'core_event_past';
    END IF;
    WHILE lower < until LOOP
        upper := lower + interval '3 months';
        title := 'core_event_' || to_char(lower, 'YYYY"q"Q');
        IF to_regclass(title) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF core_event FOR VALUES FROM (%L) TO (%L)',
                title, lower::timestamp AT TIME ZONE 'UTC', upper::timestamp AT TIME ZONE 'UTC'
            );
            RETURN NEXT title;
        END IF;
        lower := upper;
    END LOOP;
END $$;

SELECT core_event_partitions((date_trunc('year', now()) - interval '2 years')::date, (now() + interval '1 year')::date);
