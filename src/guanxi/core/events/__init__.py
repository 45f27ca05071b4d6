"""The event spine: one append-only log of everything that happened.

`record` and `record_many` append inside the caller's transaction; `EventReader`s follow.
"""

from guanxi.core.events.log import NewEvent, NotInTransaction, key_hash, record, record_many
from guanxi.core.events.readers import EventReader, readers, register_reader

__all__ = [
    "EventReader",
    "NewEvent",
    "NotInTransaction",
    "key_hash",
    "readers",
    "record",
    "record_many",
    "register_reader",
]
