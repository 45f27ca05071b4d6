"""What every domain stands on: the event spine, jobs, progress, storage, the embedded database, live updates.

Nouns: Event, EventReader (with its saved position), Actor, Progress.
Verbs: `events.record`, `events.record_many`, `jobs.defer`, `live.publish`.
Every verb of every domain records its event in its own transaction; readers follow the log in order, in
batches, at least once, and never skip a transaction that commits late.
"""
