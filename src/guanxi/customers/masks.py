"""Phones and e-mails as this colleague may read them."""

from __future__ import annotations

from guanxi.kit.masking import mask_email, mask_phone
from guanxi.kit.phone import format_phone


def shown_identity(kind: str, value: str, *, masks: bool) -> str:
    """How an identity is written for people: a phone as dialled at home, masked for those who may not have it."""
    if kind == "phone":
        return mask_phone(value) if masks else format_phone(value)
    if kind == "email":
        return mask_email(value) if masks else value
    return f"{value[:4]}…" if masks and len(value) > 6 else value
