-- Notes when a website last told something, at most every ten seconds, and counts ignored requests.
UPDATE customers_website
SET last_event_at = CASE WHEN %(ignored)s = 0 THEN now() ELSE last_event_at END,
    ignored_count = ignored_count + %(ignored)s
WHERE id = %(site)s
  AND (%(ignored)s > 0 OR last_event_at IS NULL OR last_event_at < now() - interval '10 seconds')
