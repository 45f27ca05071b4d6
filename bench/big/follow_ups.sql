TRUNCATE customers_followup, customers_collaborator;
INSERT INTO customers_followup (text, due_at, created_at, reminded_at, seen_at, done_at, assignee_id, created_by_id, customer_id, done_by_id)
SELECT 'Call back', created_at + interval '7 days', created_at, NULL, NULL, CASE WHEN id % 10 > 0 THEN created_at END, 9001 + id % 40, 9001, id, NULL
FROM customers_customer WHERE id % 25 = 0;
INSERT INTO customers_collaborator (created_at, added_by_id, customer_id, member_id)
SELECT created_at, 9001, id, 9001 + id % 40 FROM customers_customer WHERE id % 50 = 0;
