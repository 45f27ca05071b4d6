"""Customers like the one being typed, within milliseconds: each question is one look into an index."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from guanxi.core.errors import Refused
from guanxi.core.sql import load
from guanxi.customers.actions.identities import normalise
from guanxi.customers.models import Customer
from guanxi.kit.names import words_of
from guanxi.kit.pinyin import readings
from guanxi.kit.text import fold, has_han
from guanxi.staff.models import Member

SIMILAR = load(__package__, "similar.sql")
AT_MOST = 5
LONGEST_TERM = 16
Reason = tuple[str, str]


def similar_to(values: Mapping[str, str], member: Member) -> list[tuple[Customer, list[Reason]]]:
    """Customers that may be the one `values` describe, the likeliest first; five at most.

    `values` may hold name, phone, email, birth_date (YYYY-MM-DD), city and company_name, as typed. Reasons are
    (field, "same" | "close"). Who shares nothing but a common name is not named: it takes a phone, an e-mail, or a
    name with a birthday, a city or a company; a name so rare that at most two have it will do.
    """
    asked = {
        "phone": _identity("phone", values.get("phone", "")),
        "email": _identity("email", values.get("email", "")),
        "local": values.get("email", "").partition("@")[0].strip().lower()[:64],
        "term": _term(values.get("name", "")),
        "name": values.get("name", "").strip().lower(),
        "birth": values.get("birth_date", "").strip()[:10],
        "city": values.get("city", "").strip(),
        "company": values.get("company_name", "").strip(),
    }
    with connection.cursor() as cursor:
        cursor.execute(SIMILAR, asked)
        reasons = {pk: [(str(field), str(level)) for field, level in told] for pk, told in cursor.fetchall()}
    seen = Customer.objects.visible_to(member).in_bulk(list(reasons))
    return [(seen[pk], told) for pk, told in reasons.items() if pk in seen][:AT_MOST]


def _identity(kind: str, typed: str) -> str:
    if not typed.strip():
        return ""
    try:
        return normalise(kind, typed).value
    except Refused:
        return ""  # still being typed


def _term(name: str) -> str:
    """The search term that stands for the whole name, whichever way it is written."""
    words = words_of(name)
    if not words or len("".join(words)) < 2:
        return ""
    if has_han(name):
        joined = "".join(words)
        return "".join((readings(letter) or (letter,))[0] for letter in fold(joined))[: 2 * LONGEST_TERM]
    return "".join(words)[: 2 * LONGEST_TERM]
