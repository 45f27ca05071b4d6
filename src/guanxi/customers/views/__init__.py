"""Pages around one customer: making one, editing in place, notes with their files, tags, stage and owner."""
