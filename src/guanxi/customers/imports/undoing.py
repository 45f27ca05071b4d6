UNDO_JOB = "customers.undo_import"
