"""Finding records that may be one customer, and reviewing them.

The pure part works on columns and knows no database: `records` (normalised columns) → `blocking` (which pairs to look
at) → `comparing` (how far each field of a pair agrees) → `scoring` (what that is worth) → `finding` (all of it).
It is imported by the worker alone. `scanning` reads the base and keeps the pairs; `checking` looks for records like
the one being typed. Nothing here merges: a person decides.
"""
