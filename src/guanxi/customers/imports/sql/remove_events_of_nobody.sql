-- The same for lines that named no customer, so many at a time.
DELETE FROM core_event AS event
USING (
    SELECT customer_id, occurred_at, id
    FROM core_event
    WHERE customer_id = 0 AND name = ANY (%(names)s::text[]) AND payload ->> 'import' = %(import)s::text
    LIMIT %(most)s
) AS found
WHERE event.customer_id = 0 AND event.occurred_at = found.occurred_at AND event.id = found.id
RETURNING event.source, event.source_key
