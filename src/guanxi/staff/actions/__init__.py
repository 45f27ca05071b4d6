"""The verbs of staff. Each takes `by`, keeps the rules of authority, and records its event in its transaction."""
