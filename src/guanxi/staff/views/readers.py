"""Settings → Event readers: how far each part of the product has followed the event log, and reading it again."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guanxi.core import events as log
from guanxi.core.models import ReaderPosition
from guanxi.design.pages import page, toast
from guanxi.staff import events
from guanxi.staff.access import member, requires

MOST_WAITING = 10_000


@dataclass(frozen=True, slots=True)
class Followed:
    """A reader with its place. `waiting` counts no further than MOST_WAITING; `failure` is an error's last line."""

    name: str
    position: ReaderPosition | None
    waiting: int
    failure: str
    is_known: bool


@requires("events", "administer")
@require_safe
def readers(request: HttpRequest) -> HttpResponse:
    """One row a reader; it asks for itself afresh every few seconds."""
    known = log.readers()
    positions = {position.name: position for position in ReaderPosition.objects.all()}
    rows = [_followed(name, positions.get(name), name in known) for name in sorted(known.keys() | positions.keys())]
    return page(request, "staff/readers.html", {"readers": rows, "most": MOST_WAITING})


@requires("events", "administer")
@require_POST
def rewinding(request: HttpRequest, name: str) -> HttpResponse:
    """Let a reader read the whole log again."""
    reader = log.readers().get(name)
    if reader is None:
        raise Http404(_("There is no such reader."))
    with transaction.atomic():
        is_rewound = reader.rewind()
        if is_rewound:
            events.record(events.READER_REWOUND, by=member(request).actor, reader=name)
    if is_rewound:
        toast(request, _("%(name)s reads the log again from its beginning.") % {"name": name})
    else:
        toast(
            request,
            _("%(name)s has not started yet, so there is nothing to read again.") % {"name": name},
            level="info",
        )
    return redirect("readers")


def _followed(name: str, position: ReaderPosition | None, is_known: bool) -> Followed:
    lines = position.failure.strip().splitlines() if position is not None else []
    waiting = position.lag(at_most=MOST_WAITING) if position is not None else 0
    return Followed(name, position, waiting, lines[-1] if lines else "", is_known)
