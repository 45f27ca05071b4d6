"""kit: pure helpers, one noun per file, below every other room.

Text in, value out: nothing here knows Django models, the database, the clock or a word of the trade. What
can refuse its input raises a subclass of `errors.BadInput`: a stable code and a sentence for a person.
"""
