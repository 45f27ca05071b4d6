"""E-mail addresses: any writing in, one comparable form out."""

import re
from functools import lru_cache

from django.utils.translation import gettext_lazy

from .errors import BadInput
from .text import clean, half_width

_PLAIN = re.compile(r"[a-z0-9_%+'&/=?^{|}~!#$*`-]+(?:\.[a-z0-9_%+'&/=?^{|}~!#$*`-]+)*@(?P<domain>[a-z0-9.-]+)")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x1f\x7f]+")
_IN_BRACKETS = re.compile(r"<([^<>]*)>\s*$")

_EMPTY = gettext_lazy("There is no e-mail address here.")
_SHAPE = gettext_lazy("“%(raw)s” is not an e-mail address. One looks like name@example.com.")
_DOMAIN = gettext_lazy("“%(raw)s” does not end in a domain such as example.com.")
_LONG = gettext_lazy("“%(raw)s” is longer than an e-mail address may be (254 characters).")


class BadEmail(BadInput):
    """The text is not an address that mail can be sent to."""


def normalise_email(raw: str) -> str:
    """The address in lower case, with an international domain in its ASCII form (`xn--…`).

    Takes `Name <name@example.com>` and `mailto:` too. Local parts are lowered as well: two addresses that
    differ in case alone are one person's. Raises `BadEmail`.
    """
    text = raw.strip().lower()
    plain = _PLAIN.fullmatch(text) if len(text) <= 254 else None
    if plain and text.isascii() and _is_domain(plain["domain"]) and text.index("@") <= 64:
        return text
    return _normalise_slowly(raw)


def _normalise_slowly(raw: str) -> str:
    shown = raw[:60]
    if len(raw) > 1000:
        raise BadEmail("email_too_long", _LONG, raw=shown)
    text = clean(half_width(raw))
    if bracketed := _IN_BRACKETS.search(text):
        text = bracketed[1]
    text = text.strip(" .,;'\"<>").lower()
    text = text.removeprefix("mailto:").partition("?")[0] if text.startswith("mailto:") else text
    if not text:
        raise BadEmail("email_empty", _EMPTY)
    local, at, domain = text.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        raise BadEmail("email_shape", _SHAPE, raw=shown)
    domain = _to_ascii(domain.replace("。", "."))
    if not _is_domain(domain):
        raise BadEmail("email_domain", _DOMAIN, raw=shown)
    address = f"{local}@{domain}"
    if len(address) > 254 or len(local) > 64:
        raise BadEmail("email_too_long", _LONG, raw=shown)
    return address


@lru_cache(maxsize=16384)
def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    return (
        len(labels) > 1
        and len(domain) <= 253
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
        and len(labels[-1]) > 1
    )


def _to_ascii(domain: str) -> str:
    """The domain in ASCII by IDNA, or "" when it has no such form."""
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
