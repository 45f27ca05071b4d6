"""Demo data: 5,000 customers of a tea shop with a year behind them, always the same but for today's date."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.core import signing
from django.db import transaction

from guanxi.config.demo.people import Person, people
from guanxi.config.demo.staffing import ADMINISTRATOR, hire, password
from guanxi.config.demo.work import Desk
from guanxi.config.demo.year import facts
from guanxi.core import clock
from guanxi.core.actors import Actor
from guanxi.core.events import readers
from guanxi.customers.actions.absorb import Fact, absorb
from guanxi.customers.actions.traits import TRAITS
from guanxi.customers.duplicates.scanning import start_scan
from guanxi.customers.models import Customer, Source
from guanxi.staff.models import Member

SEED = 20_260_101
LINK_SALT = "guanxi.demo"
# The demo's two Chinese-English spellings of a name stand in the data itself, so nothing here is translated.


def load() -> str:
    """Load the demo data unless it is there; how to sign in, in lines of text.

    Into a base that holds customers of its own nothing is loaded.
    """
    if not Member.objects.get_queryset().filter(email=ADMINISTRATOR).exists():
        if Customer.objects.exists():
            return ""
        _fill(clock.now().replace(microsecond=0))
    member = Member.objects.get_queryset().get(email=ADMINISTRATOR)
    token = signing.dumps(member.pk, salt=LINK_SALT)
    address = settings.PUBLIC_URL or f"http://localhost:{os.environ.get('GUANXI_PORT') or '8000'}"
    return "\n".join(
        [
            f"Sign in at once   {address}/demo/{token}/",
            f"or with e-mail    {ADMINISTRATOR}",
            f"and password      {password()}",
        ]
    )


def _fill(until: datetime) -> None:
    with transaction.atomic():
        members = hire()
        everybody = people(SEED)
        source = Source.objects.get_or_create(slug="till", defaults={"name": "会员系统 Member system"})[0]
        told = facts(everybody, seed=SEED, until=until)
        for batch in _batches(told):
            _absorb(batch, source)
        first: dict[int, datetime] = {}
        last: dict[int, datetime] = {}
        spent: dict[int, int] = {}
        for at, person, fact in told:
            first.setdefault(person.customer_id, at)
            last[person.customer_id] = at
            spent[person.customer_id] = spent.get(person.customer_id, 0) + int(fact.amount or 0)
        Desk(everybody, members, seed=SEED, until=until).work(first, last, spent)
    for reader in readers().values():
        reader.catch_up()
    start_scan(members[0])


def _batches(told: list[tuple[datetime, Person, Fact]]) -> Iterator[list[tuple[datetime, Person, Fact]]]:
    """The year week by week, so that people were met when they came and not all today."""
    for _week, entries in groupby(told, key=lambda entry: entry[0].isocalendar()[:2]):
        yield list(entries)


def _absorb(batch: list[tuple[datetime, Person, Fact]], source: Source) -> None:
    met = [_with_traits(person, fact) for _at, person, fact in batch]
    took = absorb(met, by=Actor("customer"), source="demo", now=batch[-1][0], source_id=source.pk)
    for (_at, person, _fact), customer in zip(batch, took.customers, strict=True):
        person.customer_id = customer


def _with_traits(person: Person, fact: Fact) -> Fact:
    """What the till knows of somebody, told the first time they come."""
    if person.customer_id:
        return fact
    traits = {trait: getattr(person, trait, "") for trait in TRAITS}
    return Fact(fact.who, fact.name, fact.at, fact.amount, fact.currency, fact.channel, fact.payload, fact.key, traits)
