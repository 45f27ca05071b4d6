"""What can keep the embedded database from running, in words a person can act on."""

from __future__ import annotations


class UnableToStart(Exception):
    """The embedded database cannot be started; the message says why and how to mend it."""
