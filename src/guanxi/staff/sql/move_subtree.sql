-- Hangs a department and all below it elsewhere: the old path at the start of each becomes the new one.
-- Carried by the index on path for prefixes (staff_department_path_…_like).
UPDATE staff_department
SET path = %(new)s || substr(path, length(%(old)s) + 1)
WHERE path LIKE %(old)s || '%%'
