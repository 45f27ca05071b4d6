-- Of these customers, those to whom anything happened that the import itself did not do. Its own events carry its
-- number, or (those of the verbs it calls) were written by its actor in its own transactions' range.
SELECT DISTINCT event.customer_id
FROM core_event AS event
WHERE event.customer_id = ANY (%(customers)s::bigint[])
  AND event.payload ->> 'import' IS DISTINCT FROM %(import)s::text
  AND NOT (
    event.log_xid BETWEEN %(first_xid)s AND %(last_xid)s
    AND event.name = ANY (%(own)s::text[])
    AND event.actor_kind = %(actor_kind)s
    AND event.actor_id IS NOT DISTINCT FROM %(actor_id)s::bigint
  )
UNION
SELECT merged_into_id FROM customers_customer WHERE merged_into_id = ANY (%(customers)s::bigint[])
UNION
SELECT id FROM customers_customer WHERE id = ANY (%(customers)s::bigint[]) AND merged_into_id IS NOT NULL
