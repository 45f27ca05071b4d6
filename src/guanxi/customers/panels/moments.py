"""When a follow-up is due: quick choices, and a moment typed into the browser's own control."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.core.errors import Refused

MORNING = time(9)
_FRIDAY, _MONDAY = 4, 0


@dataclass(frozen=True, slots=True)
class Choice:
    """A quick button: its value in the form, its words, and the moment it stands for."""

    value: str
    label: str
    at: datetime


def quick_choices(now: datetime) -> list[Choice]:
    """Tomorrow, Friday, next week: each at nine in the morning where the reader is."""
    today = timezone.localtime(now)
    return [
        Choice("tomorrow", _("Tomorrow"), _morning(today, 1)),
        Choice("friday", _("Friday"), _morning(today, _days_to(_FRIDAY, today))),
        Choice("next_week", _("Next week"), _morning(today, _days_to(_MONDAY, today))),
    ]


def read_moment(form: Mapping[str, str], *, at: datetime) -> datetime | None:
    """The moment chosen in `due` (a quick choice, or `at` for the one typed in `due_at`); None for none.

    Raises Refused when what was typed is no moment.
    """
    chosen = form.get("due", "")
    for choice in quick_choices(at):
        if choice.value == chosen:
            return choice.at
    typed = (form.get("due_at") or "").strip()
    if not typed or chosen not in ("", "at"):
        return None
    try:
        moment = datetime.fromisoformat(typed)
        if len(typed) <= len("2026-01-01"):
            moment = datetime.combine(moment.date(), MORNING)
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    except (ValueError, OverflowError):
        raise Refused(_("“%(typed)s” is not a date and a time.") % {"typed": typed[:40]}, field="due_at") from None


def _morning(today: datetime, days: int) -> datetime:
    day = today.date() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, MORNING), today.tzinfo)


def _days_to(weekday: int, today: datetime) -> int:
    """How many days until that weekday; a week, on the day itself."""
    return (weekday - today.weekday() - 1) % 7 + 1
