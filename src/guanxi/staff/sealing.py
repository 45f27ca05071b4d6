"""Sealing what must be kept but not lie open in the database: one-time-password secrets, mails that hold a link.

Fernet (AES-128-CBC with HMAC-SHA256), with a key derived from SECRET_KEY; SECRET_KEY_FALLBACKS still open
what older keys sealed.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    """`text` as only this installation can read it."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text that was sealed. Raises cryptography.fernet.InvalidToken when another key sealed it."""
    return _box().decrypt(sealed.encode()).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str | bytes) -> bytes:
    word = key.encode() if isinstance(key, str) else key
    return base64.urlsafe_b64encode(hashlib.blake2b(word, digest_size=32, person=b"guanxi.staff").digest())
