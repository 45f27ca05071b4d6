"""Contact details shown in part: enough to recognise, not enough to use."""

import re

from .phone import split_country

_PHONE_IN_TEXT = re.compile(r"(?<![\d#])\+?\d(?:[ \-]?\d){6,14}(?!\d)")
_EMAIL_IN_TEXT = re.compile(r"[\w.+%\-]+@[\w\-]+(?:\.[\w\-]+)+")


def mask_phone(phone: str) -> str:
    """`+8613812345678` → `+86138****5678`; short numbers keep their last two digits."""
    if phone.startswith("+"):
        country, national = split_country(phone)
        return f"+{country}{_mask_digits(national)}"
    return _mask_digits(phone)


def mask_email(email: str) -> str:
    """`zhangsan@example.com` → `z***@example.com`."""
    local, at, domain = email.rpartition("@")
    return f"{local[:1]}***@{domain}" if at else mask_word(email)


def mask_word(text: str) -> str:
    """The first character, and stars for the rest however long it is."""
    return f"{text[:1]}***" if text else ""


def mask_text(text: str) -> str:
    """Prose with every phone number and e-mail address in it masked."""
    text = _EMAIL_IN_TEXT.sub(lambda found: mask_email(found[0]), text)
    return _PHONE_IN_TEXT.sub(lambda found: mask_phone(re.sub(r"[ \-]", "", found[0])), text)


def _mask_digits(digits: str) -> str:
    if len(digits) >= 10:
        return f"{digits[:3]}****{digits[-4:]}"
    return f"****{digits[-2:]}" if len(digits) > 4 else "****"
