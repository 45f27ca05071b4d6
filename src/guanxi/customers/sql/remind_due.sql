-- Marks follow-ups that have come due as reminded and answers whose they are. Carried by customers_follow_up_due.
-- SKIP LOCKED: what another worker is marking is that worker's to tell.
WITH due AS (
    SELECT id
    FROM customers_followup
    WHERE done_at IS NULL AND reminded_at IS NULL AND due_at <= %(at)s
    ORDER BY due_at
    FOR UPDATE SKIP LOCKED
)
UPDATE customers_followup AS follow_up
SET reminded_at = %(at)s
FROM due
WHERE follow_up.id = due.id
RETURNING follow_up.assignee_id
