"""Finding customers by what somebody types: part of a name in characters, pinyin or initials, a phone, an e-mail.

Every word of the query must be answered, by a search term or an identity that begins with it (a phone's end
will do). All look-ups are ranges of an index under C collation, and none reads more than SCAN rows of it:

- who sees everything is answered from the range itself, which comes out best first;
- who sees FEW customers is answered from those, each looked up under its own id;
- who sees many of them meets one among the first rows of any range.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from django.conf import settings
from django.db import connection

from guanxi.customers.masks import shown_identity
from guanxi.customers.models import Customer
from guanxi.kit.names import search_terms
from guanxi.kit.search import query_ranges
from guanxi.kit.text import clean, fold, half_width
from guanxi.staff.models import Member

# ruff: noqa: S608 - the statements are put together from the constants in _PLACES; what is typed goes in parameters

FEW = 2_000
SCAN = 3_000
LONGEST_QUERY = 100
MOST_WORDS = 5
_CANDIDATES = 40
_PHONE_LIKE = re.compile(r"[+\d][\d\s\-().]*")
_SHORTEST_PREFIX, _SHORTEST_TAIL, _WHOLE = 3, 4, 10
_HIGHEST = "\U0010ffff"

Where = Literal["term", "phone", "tail", "email"]
# Each place to look: its table, the indexed expression, and the condition that picks the index.
_PLACES: dict[Where, tuple[str, str, str]] = {
    "term": ("customers_searchterm", "s.term", ""),
    "phone": ("customers_identity", "s.value", "AND s.kind = 'phone' AND s.namespace = ''"),
    "tail": ("customers_identity", "reverse(s.value)", "AND s.kind = 'phone'"),
    "email": ("customers_identity", "s.value", "AND s.kind = 'email' AND s.namespace = ''"),
}


@dataclass(frozen=True, slots=True)
class Probe:
    """One range of one index: everything in `where` from `start` up to, not including, `end`."""

    where: Where
    start: str
    end: str

    @classmethod
    def of(cls, where: Where, start: str) -> Probe:
        return cls(where, start, start + _HIGHEST)


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer found, in the words that a list of answers shows."""

    id: int
    name: str
    is_company: bool
    detail: str = ""
    label: str = ""


@dataclass(slots=True)
class _Scope:
    """Whose customers are looked at. `few`: their number is small enough to go through."""

    owners: list[int] | None
    member: int
    few: bool = False
    parameters: dict[str, Any] = field(default_factory=dict)


def find(text: str, member: Member, *, limit: int = 8) -> list[Hit]:
    """The customers within the member's scope that answer `text`, best first; [] when it is too short to tell."""
    typed = clean(text)[:LONGEST_QUERY]
    words = typed.split()[:MOST_WORDS]
    if not words:
        return []
    scope = _scope(member)
    masks = member.masks_contacts
    most = max(_CANDIDATES, limit * 2)
    found = _candidates([_probes(typed, masks=masks)], scope, most)
    if len(words) > 1 and len(found) < limit:
        known = {customer for customer, _where, _key in found}
        more = _candidates([_probes(word, masks=masks) for word in words], scope, most)
        found += [each for each in more if each[0] not in known]
    return _hits(found, typed, member, limit)


def _probes(word: str, *, masks: bool) -> list[Probe]:
    """Where a word may be found. Whoever may not read contacts finds by a whole one only, lest they spell it out."""
    plain = half_width(word).strip()
    contacts = _contact_probes(plain, masks=masks)
    if masks and ("@" in plain or _PHONE_LIKE.fullmatch(plain)):
        return contacts
    probes = [Probe("term", start, end) for start, end in query_ranges(word) if not start.startswith("#")]
    if not probes and len(folded := fold(word)) == 1 and folded.isalnum():
        probes = [Probe.of("term", folded)]
    return probes + contacts


def _contact_probes(plain: str, *, masks: bool) -> list[Probe]:
    if _PHONE_LIKE.fullmatch(plain):
        return _phone_probes(plain, masks=masks)
    if "@" in plain and not plain.startswith("@"):
        address = plain.lower()
        return [_exactly("email", address) if masks else Probe.of("email", address)]
    return []


def _phone_probes(plain: str, *, masks: bool) -> list[Probe]:
    digits = re.sub(r"\D", "", plain)
    if len(digits) < (_WHOLE if masks else _SHORTEST_PREFIX):
        return []
    if plain.startswith("+") or digits.startswith("00"):
        starts = [f"+{digits.removeprefix('00')}"]
    else:
        starts = [f"+{_home_code()}{digits.removeprefix('0')}"]
        if digits.startswith(_home_code()):
            starts.append(f"+{digits}")
    if masks:
        return [_exactly("phone", start) for start in starts]
    probes = [Probe.of("phone", start) for start in starts]
    if len(digits) >= _SHORTEST_TAIL:
        probes.append(Probe.of("tail", digits[::-1]))
    return probes


def _exactly(where: Where, value: str) -> Probe:
    return Probe(where, value, f"{value}\1")


@cache
def _home_code() -> str:
    import phonenumbers

    return str(phonenumbers.country_code_for_region(settings.DEFAULT_COUNTRY))


def _scope(member: Member) -> _Scope:
    """Whose customers the member sees, and whether these are few: counted in an index, no further than FEW."""
    owners = member.visible_member_ids()
    scope = _Scope(owners, member.pk)
    if owners is not None:
        scope.parameters = {"owners": owners, "member": member.pk, "few": FEW}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) <= %(few)s FROM (SELECT FROM customers_customer"
                " WHERE owner_id = ANY (%(owners)s) LIMIT %(few)s + 1) AS mine",
                scope.parameters,
            )
            scope.few = bool(cursor.fetchone()[0])
    return scope


def _candidates(words: list[list[Probe]], scope: _Scope, most: int) -> list[tuple[int, Where, str]]:
    """(customer, where found, the key found), each customer once, in the order of the driving word's index."""
    if not words or not all(words):
        return []
    driver, *others = _rarest_first(words)
    parameters: dict[str, Any] = dict(scope.parameters, scan=SCAN, most=most)
    scans = " UNION ALL ".join(f"({_scan(probe, scope, parameters)})" for probe in driver)
    conditions = "".join(f" AND ({_answers(probes, parameters)})" for probes in others)
    if scope.owners is not None and not scope.few:
        conditions += (
            " AND (c.owner_id = ANY (%(owners)s) OR EXISTS (SELECT FROM customers_collaborator AS k"
            " WHERE k.customer_id = c.id AND k.member_id = %(member)s))"
        )
    sql = (
        f"SELECT f.customer_id, f.place, f.key FROM ({scans}) AS f"
        f" JOIN customers_customer AS c ON c.id = f.customer_id"
        f" WHERE c.merged_into_id IS NULL{conditions} LIMIT %(most)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    best: dict[int, tuple[int, Where, str]] = {}
    for customer, place, key in rows:
        known = best.get(customer)
        if known is None or (known[1] == "term" and place != "term"):
            best[customer] = (customer, place, key)  # a phone or an e-mail says more than a term
    return list(best.values())


def _scan(probe: Probe, scope: _Scope, parameters: dict[str, Any]) -> str:
    """The rows of one range, best first: of those whom the member sees when they are few, else the first SCAN."""
    table, key, condition = _PLACES[probe.where]
    start, end = _named(probe, parameters)
    within = f'{key} COLLATE "C" >= {start} AND {key} COLLATE "C" < {end} {condition}'
    if not scope.few:
        return (
            f"SELECT s.customer_id, '{probe.where}' AS place, {key} AS key FROM {table} AS s"
            f' WHERE {within} ORDER BY {key} COLLATE "C" LIMIT %(scan)s'
        )
    return (
        f"SELECT s.customer_id, '{probe.where}' AS place, {key} AS key FROM ("
        "SELECT id FROM customers_customer WHERE owner_id = ANY (%(owners)s)"
        " UNION SELECT customer_id FROM customers_collaborator WHERE member_id = %(member)s"
        f") AS mine JOIN {table} AS s ON s.customer_id = mine.id WHERE {within}"
        f' ORDER BY {key} COLLATE "C" LIMIT %(scan)s'
    )


def _answers(probes: list[Probe], parameters: dict[str, Any]) -> str:
    """The condition that a customer answers one more word, looked up under the customer's own id."""
    parts = []
    for probe in probes:
        table, key, condition = _PLACES[probe.where]
        start, end = _named(probe, parameters)
        parts.append(
            f"EXISTS (SELECT FROM {table} AS s WHERE s.customer_id = f.customer_id"
            f' AND {key} COLLATE "C" >= {start} AND {key} COLLATE "C" < {end} {condition})'
        )
    return " OR ".join(parts)


def _named(probe: Probe, parameters: dict[str, Any]) -> tuple[str, str]:
    number = len(parameters)
    parameters[f"p{number}"], parameters[f"p{number + 1}"] = probe.start, probe.end
    return f"%(p{number})s", f"%(p{number + 1})s"


def _rarest_first(words: list[list[Probe]]) -> list[list[Probe]]:
    """The words by how many rows answer each, counted no further than SCAN: the rarest drives."""
    if len(words) == 1:
        return words
    parameters: dict[str, Any] = {"scan": SCAN}
    counts = []
    for probes in words:
        scans = []
        for probe in probes:
            table, key, condition = _PLACES[probe.where]
            start, end = _named(probe, parameters)
            scans.append(
                f'(SELECT FROM {table} AS s WHERE {key} COLLATE "C" >= {start}'
                f' AND {key} COLLATE "C" < {end} {condition} LIMIT %(scan)s)'
            )
        counts.append(f"(SELECT count(*) FROM ({' UNION ALL '.join(scans)}) AS n)")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", parameters)
        sizes = cursor.fetchone()
    return [words[place] for place in sorted(range(len(words)), key=lambda place: sizes[place])]


def _hits(found: Sequence[tuple[int, Where, str]], typed: str, member: Member, limit: int) -> list[Hit]:
    """The candidates as answers: whole names first, then what the index said, one's own before others'."""
    customers = Customer.objects.visible_to(member).in_bulk([customer for customer, _where, _key in found])
    wanted, masks = fold(typed), member.masks_contacts
    ranked = []
    for place, (customer_id, where, key) in enumerate(found):
        customer = customers.get(customer_id)
        if customer is None or (masks and not _is_named(customer, typed)):
            continue
        exact = fold(customer.name) == wanted or key == wanted
        ranked.append(
            (not exact, len(key) if where == "term" else 0, customer.owner_id != member.pk, place, customer, where, key)
        )
    ranked.sort(key=lambda each: each[:4])
    return [_hit(customer, where, key, masks=masks) for *_rank, customer, where, key in ranked[:limit]]


def _is_named(customer: Customer, typed: str) -> bool:
    """Whether every word is of the customer's names or a whole contact: no piece of an e-mail hidden from who asks."""
    terms = search_terms(customer.name) | search_terms(customer.company_name)
    return all(
        any(probe.where != "term" or any(probe.start <= term < probe.end for term in terms) for probe in probes)
        for word in typed.split()[:MOST_WORDS]
        if (probes := _probes(word, masks=True))
    )


def _hit(customer: Customer, where: Where, key: str, *, masks: bool) -> Hit:
    name = str(customer)
    contact = ""
    if where in ("phone", "tail"):
        contact = shown_identity("phone", key if where == "phone" else key[::-1], masks=masks)
    elif where == "email":
        contact = shown_identity("email", key, masks=masks)
    place = " · ".join(filter(None, (customer.company_name if customer.company_name != name else "", customer.city)))
    detail = contact or place
    return Hit(
        customer.pk, name, customer.kind == Customer.Kind.COMPANY, detail, f"{name} · {detail}" if detail else name
    )
