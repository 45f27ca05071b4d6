"""Turning pages by name: the next page starts after the last name shown, however many there are."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from guanxi.staff.models import Member
from guanxi.staff.models.member import MemberQuerySet

PAGE = 50


@dataclass(frozen=True, slots=True)
class MemberPage:
    """One page of members by name; `previous` and `next` are cursors, empty where there is nothing more."""

    members: list[Member]
    previous: str
    next: str


def page_by_name(people: MemberQuerySet, *, after: str = "", before: str = "", size: int = PAGE) -> MemberPage:
    """The members after, or before, the member whose id is the cursor. An unknown cursor begins at the top."""
    edge = _edge(after or before)
    backwards = bool(before) and edge is not None
    found = people.order_by("-name", "-id") if backwards else people.order_by("name", "id")
    if edge is not None:
        found = found.filter(_beyond(edge, backwards=backwards))
    rows = list(found[: size + 1])
    has_more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_previous = has_more if backwards else edge is not None
    has_next = edge is not None if backwards else has_more
    return MemberPage(
        rows,
        previous=str(rows[0].pk) if rows and has_previous else "",
        next=str(rows[-1].pk) if rows and has_next else "",
    )


def _edge(cursor: str) -> tuple[str, int] | None:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 18):
        return None
    name = Member.objects.filter(pk=int(cursor)).values_list("name", flat=True).first()
    return None if name is None else (name, int(cursor))


def _beyond(edge: tuple[str, int], *, backwards: bool) -> Q:
    name, number = edge
    if backwards:
        return Q(name__lt=name) | Q(name=name, id__lt=number)
    return Q(name__gt=name) | Q(name=name, id__gt=number)
