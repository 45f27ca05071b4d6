-- Take an import's purchases out of the log, of these customers; answers the names by which they were known.
DELETE FROM core_event AS event
WHERE event.customer_id = ANY (%(customers)s::bigint[])
  AND event.name = ANY (%(names)s::text[])
  AND event.payload ->> 'import' = %(import)s::text
RETURNING event.source, event.source_key
