"""One record of each customer, a person or a company, and everything that keeps it true.

Nouns: Customer, Identity (a phone, e-mail, open id, cookie …: unique, so it names one customer), Tag in a
TagGroup, Field (defined on screen), Stage, Source, Collaborator, Note, FollowUp, Relationship, SavedView, Merge,
DuplicatePair, Import, Website, Tally (what the log says of a customer, in figures), SearchTerm.
Verbs: absorb (take facts in), create, edit, tag, move to a stage, assign, note, remind, relate, merge, undo a merge,
find duplicates, import, undo an import, export.
Events: customers.customer_created, customers.tag_added, customers.stage_changed, customers.owner_changed … (events.py).
"""
