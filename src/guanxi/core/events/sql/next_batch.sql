-- The next events after a saved position (log_xid, id), in the order of the log. Carried by core_event_log.
SELECT id, customer_id, occurred_at, recorded_at, log_xid, name, actor_kind, actor_id,
       channel, amount, currency, source, source_key, payload
FROM core_event
WHERE (log_xid, id) > (%s, %s)
  AND log_xid < (SELECT core_log_horizon())
ORDER BY log_xid, id
LIMIT %s
