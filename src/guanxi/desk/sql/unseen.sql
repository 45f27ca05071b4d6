-- How many reminders and mentions a member has not seen, counted no further than `most`.
-- Carried by customers_follow_up_open and customers_mention_unseen.
SELECT count(*)
FROM (
    (
        SELECT FROM customers_followup
        WHERE assignee_id = %(member)s AND done_at IS NULL AND reminded_at IS NOT NULL AND seen_at IS NULL
        LIMIT %(most)s
    )
    UNION ALL
    (
        SELECT FROM customers_notemention AS mention
        JOIN customers_note AS note ON note.id = mention.note_id AND note.deleted_at IS NULL
        WHERE mention.member_id = %(member)s AND mention.seen_at IS NULL
        LIMIT %(most)s
    )
    LIMIT %(most)s
) AS new
