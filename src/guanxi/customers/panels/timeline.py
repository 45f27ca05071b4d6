"""What happened to one customer, newest first: a page of it after a cursor, narrowed to a kind.

Carried by the primary key of core_event (customer_id, occurred_at, id): a page costs the same at the first
event and at the ten-thousandth.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.core.models import Event
from guanxi.core.models.event import EventQuerySet
from guanxi.customers import events
from guanxi.customers.models import Note
from guanxi.customers.panels.labels import channel_label
from guanxi.customers.panels.sentences import Reader, Sentence, sentence
from guanxi.design import formats
from guanxi.kit.masking import mask_text
from guanxi.staff.models import ApiKey, Member

PAGE = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = re.compile(r"(-?[0-9]{1,18})_([0-9]{1,18})")
NOTES = (events.NOTE_ADDED, events.CALL_LOGGED)


@dataclass(frozen=True, slots=True)
class Filter:
    """A kind of events that the timeline can be narrowed to."""

    slug: str
    label: str | Promise
    icon: str
    condition: Q


FILTERS = [
    Filter("", pgettext_lazy("events", "Everything"), "history", Q()),
    Filter("purchases", pgettext_lazy("events", "Purchases"), "shopping-cart", Q(name__in=events.PURCHASES)),
    Filter("web", pgettext_lazy("events", "Web"), "world", Q(name__startswith="web.")),
    Filter("staff", gettext_lazy("By colleagues"), "users", Q(actor_kind="staff")),
    Filter("notes", gettext_lazy("Notes and calls"), "note", Q(name__in=NOTES)),
]


def register_filter(slug: str, label: str | Promise, icon: str, condition: Q) -> None:
    """Let the timeline be narrowed to a further kind; called from a domain's AppConfig.ready()."""
    if all(known.slug != slug for known in FILTERS):
        FILTERS.append(Filter(slug, label, icon, condition))


@dataclass(slots=True)
class Entry:
    """One event as the page shows it. `day` is set where a new day begins above it."""

    event: Event
    sentence: Sentence
    actor: str
    amount: str
    channel: str = ""
    day: date | None = None
    note: Note | None = None


@dataclass(slots=True)
class Page:
    """A stretch of the timeline; `more` is the cursor of what is older, empty at the end."""

    kind: str
    entries: list[Entry] = field(default_factory=list)
    more: str = ""


def timeline(customer_id: int, *, reader: Reader, kind: str = "", before: str = "", size: int = PAGE) -> Page:
    """Up to `size` events older than the cursor `before`, in words. An unreadable cursor starts at the top."""
    chosen = next((known for known in FILTERS if known.slug == kind), FILTERS[0])
    cursor = _read(before)
    found = list(_older(customer_id, cursor).filter(chosen.condition)[: size + 1])
    shown = found[:size]
    page = Page(chosen.slug, more=cursor_of(shown[-1]) if len(found) > size else "")
    page.entries = _entries(shown, reader, above=_day(cursor[0]) if cursor else None)
    return page


def cursor_of(event: Event) -> str:
    """Where to go on after this event: microseconds since 1970 and the event's id."""
    return f"{(event.occurred_at - _EPOCH) // timedelta(microseconds=1)}_{event.id}"


def _read(cursor: str) -> tuple[datetime, int] | None:
    written = _CURSOR.fullmatch(cursor)
    try:
        return (_EPOCH + timedelta(microseconds=int(written[1])), int(written[2])) if written else None
    except OverflowError:
        return None


def _older(customer_id: int, cursor: tuple[datetime, int] | None) -> EventQuerySet:
    found = Event.objects.of_customer(customer_id)
    if cursor is None:
        return found
    moment, event_id = cursor
    # The first condition lets PostgreSQL leave later partitions alone; the second is the exact place.
    return found.filter(Q(occurred_at__lt=moment) | Q(id__lt=event_id), occurred_at__lte=moment)


def _entries(found: list[Event], reader: Reader, *, above: date | None) -> list[Entry]:
    actors = actor_names(found)
    notes = _notes(found)
    if reader.masks:
        for note in notes.values():
            note.text = mask_text(note.text)  # as shown; never saved
    entries = []
    for event in found:
        day = _day(event.occurred_at)
        entries.append(
            Entry(
                event=event,
                sentence=sentence(event, reader),
                actor=actors.get((event.actor_kind, event.actor_id), _actor_kind(event)),
                amount=_amount(event),
                channel=channel_label(event.channel),
                day=day if day != above else None,
                note=notes.get(_note_id(event)),
            )
        )
        above = day
    return entries


def actor_names(found: Iterable[Event]) -> dict[tuple[str, int | None], str]:
    """The names of the colleagues and programs who did these, two queries at most."""
    names: dict[tuple[str, int | None], str] = {}
    wanted: dict[str, set[int]] = {}
    for event in found:
        if event.actor_id is not None:
            wanted.setdefault(event.actor_kind, set()).add(event.actor_id)
    if ids := wanted.get("staff"):
        names |= {("staff", pk): name for pk, name in Member.objects.filter(pk__in=ids).values_list("pk", "name")}
    if ids := wanted.get("api_key"):
        names |= {("api_key", pk): name for pk, name in ApiKey.objects.filter(pk__in=ids).values_list("pk", "name")}
    return names


def _actor_kind(event: Event) -> str:
    """What stands where there is no name; nothing for the customer's own doing, which needs no saying."""
    return {"automation": _("Automation"), "staff": _("A colleague")}.get(event.actor_kind, "")


def _notes(found: list[Event]) -> dict[int, Note]:
    """The notes these events tell of, as they read today, with their files."""
    wanted = [pk for event in found if (pk := _note_id(event))]
    if not wanted:
        return {}
    return Note.objects.prefetch_related("attachments").in_bulk(wanted)


def _note_id(event: Event) -> int:
    told = event.payload.get("note_id") if event.name in NOTES else None
    return told if isinstance(told, int) else 0


def _amount(event: Event) -> str:
    return "" if event.amount is None else str(formats.money(event.amount, event.currency))


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
