"""Identifiers made from what they identify."""

from hashlib import blake2b
from uuid import UUID


def key_id(source: str, key: str) -> UUID:
    """A 128-bit identifier of a source's own key: the same two texts always give the same one.

    BLAKE2b over both texts with the first one's length before them, so that no two pairs run together.
    """
    first = source.encode("utf-8", "surrogatepass")
    content = len(first).to_bytes(4, "big") + first + key.encode("utf-8", "surrogatepass")
    return UUID(bytes=blake2b(content, digest_size=16).digest())
