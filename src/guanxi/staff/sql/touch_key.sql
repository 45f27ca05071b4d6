-- Notes that a key was used, at most once a minute, so that a busy key costs no write a request.
UPDATE staff_apikey SET last_used_at = now()
WHERE id = %s AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
