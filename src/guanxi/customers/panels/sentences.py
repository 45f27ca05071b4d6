"""How an event reads in the timeline. A domain tells its own:

    @told("loyalty.points_earned", icon="coin", tone="yellow")
    def points_earned(event: Event, reader: Reader) -> str | Sentence:
        return _("Earned %(count)s points") % {"count": event.payload.get("count", "?")}

Called from the domain's AppConfig.ready() by importing the file. An event nobody tells is still readable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guanxi.core.models import Event
from guanxi.customers.models import Field
from guanxi.kit.masking import mask_text

_MOST_FACTS = 6
_LONGEST_FACT = 120


@dataclass(frozen=True)
class Reader:
    """Who reads: `masks` hides phones and e-mails from them."""

    masks: bool = False

    @cached_property
    def own_fields(self) -> dict[str, str]:
        """The names of the company's own fields by id; asked for once, and only when an event names one."""
        return {str(pk): name for pk, name in Field.objects.values_list("pk", "name")}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One event in words: what happened, prose that goes with it, where it leads, and further facts."""

    title: str
    icon: str = "point"
    tone: str = "grey"
    body: str = ""
    url: str = ""
    facts: tuple[tuple[str, str], ...] = field(default=())


Tell = Callable[[Event, Reader], "str | Sentence"]


@dataclass(frozen=True, slots=True)
class _Told:
    tell: Tell
    icon: str
    tone: str


_told: dict[str, _Told] = {}
_areas: dict[str, tuple[str, str]] = {
    "shop": ("shopping-bag", "green"),
    "web": ("world", "cyan"),
    "staff": ("user-shield", "grey"),
    "customers": ("user", "blue"),
}


def told(name: str, *, icon: str, tone: str = "grey") -> Callable[[Tell], Tell]:
    """Decorator: events called `name` read as this function says."""

    def decorate(tell: Tell) -> Tell:
        _told[name] = _Told(tell, icon, tone)
        return tell

    return decorate


def register_area(domain: str, *, icon: str, tone: str = "grey") -> None:
    """The sign before events `domain.…` that have no sentence of their own."""
    _areas[domain] = (icon, tone)


def sentence(event: Event, reader: Reader) -> Sentence:
    """The event in the words of the current language."""
    known = _told.get(event.name)
    if known is None:
        words = _readable(event)
    else:
        said = known.tell(event, reader)
        words = said if isinstance(said, Sentence) else Sentence(str(said))
        if words.icon == "point" and words.tone == "grey":
            words = replace(words, icon=known.icon, tone=known.tone)
    return _masked(words) if reader.masks else words


def text_of(value: Any) -> str:
    """A payload's value in a line; an object by its name."""
    if isinstance(value, Mapping):
        value = next((value[key] for key in ("name", "title", "label", "id") if value.get(key)), "")
    if isinstance(value, list):
        return ", ".join(filter(None, (text_of(each) for each in value[:_MOST_FACTS])))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    words = "" if value is None else str(value)
    return words if len(words) <= _LONGEST_FACT else words[: _LONGEST_FACT - 1] + "…"


def facts_of(payload: Mapping[str, Any], labels: Mapping[str, str | Promise]) -> tuple[tuple[str, str], ...]:
    """The payload's values that have a label, in the labels' order."""
    return tuple((str(label), words) for key, label in labels.items() if (words := text_of(payload.get(key))))


def _masked(words: Sentence) -> Sentence:
    """For those who may not read contacts, none in prose either."""
    facts = tuple((label, mask_text(value)) for label, value in words.facts)
    return replace(words, title=mask_text(words.title), body=mask_text(words.body), facts=facts)


def _readable(event: Event) -> Sentence:
    """`loyalty.points_expired` reads as “Points expired”, with what the payload says."""
    domain, _dot, what = event.name.partition(".")
    words = (what or domain).replace("_", " ").replace("-", " ").strip()
    icon, tone = _areas.get(domain, ("bolt", "grey"))
    return Sentence(words[:1].upper() + words[1:], icon, tone, facts=tuple(_plain_facts(event.payload)))


def _plain_facts(payload: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(payload, Mapping):
        return
    shown = ((key, text_of(value)) for key, value in payload.items() if not str(key).endswith("_id"))
    for key, words in [pair for pair in shown if pair[1]][:_MOST_FACTS]:
        name = str(key).replace("_", " ")
        yield name[:1].upper() + name[1:], words
