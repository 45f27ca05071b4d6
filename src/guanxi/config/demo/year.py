"""A year of what the demo company's customers do: visits, purchases, the odd return, in the seasons of tea."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from guanxi.config.demo import vocabulary as words
from guanxi.config.demo.people import Person
from guanxi.customers.actions.absorb import Fact
from guanxi.customers.events import CART_UPDATED, PAGE_VIEWED, PRODUCT_VIEWED, PURCHASE_MADE, REFUND_MADE

SITE = "https://cloudtop.example"
DAYS = 364
# How lively a month is: New Year gifts, the new tea of April, 11.11.
SEASON = [1.3, 1.2, 1.0, 1.5, 1.3, 1.0, 0.8, 0.9, 1.1, 1.1, 1.8, 1.2]
HOURS = [0] * 7 + [1, 2, 4, 6, 6, 7, 5, 5, 6, 6, 6, 7, 8, 9, 8, 5, 2]


def facts(everybody: list[Person], *, seed: int, until: datetime) -> list[tuple[datetime, Person, Fact]]:
    """Everything that happened in the year before `until`, oldest first."""
    told: list[tuple[datetime, Person, Fact]] = []
    for person in everybody:
        chance = Random(seed * 1_000_003 + person.number)
        told += [(fact.at, person, fact) for fact in _life(person, chance, until) if fact.at and fact.at < until]
    told.sort(key=lambda entry: (entry[0], entry[1].number))
    return told


def _life(person: Person, chance: Random, until: datetime) -> Iterator[Fact]:
    """One person's year: from when they first came, visits as often as they are warm, until perhaps they stop."""
    first = chance.randint(0, DAYS - 4)
    last = DAYS if chance.random() < 0.55 else chance.randint(first, DAYS)
    visits = 1 + int(person.warmth * 22 * (last - first) / DAYS * chance.uniform(0.6, 1.4))
    days = sorted({first, *(_day(first, last, chance, until) for _visit in range(visits))})
    for place, day in enumerate(days):
        hour = chance.choices(range(24), HOURS)[0]
        at = until - timedelta(days=DAYS - day)
        at = at.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60), microsecond=0)
        if place == 0 or chance.random() < 0.45 + person.warmth / 3:
            yield from _purchase(person, chance, at, f"{person.number}-{place}")
        else:
            yield from _browse(person, chance, at)


def _day(first: int, last: int, chance: Random, until: datetime) -> int:
    """A day between two, in season rather than out of it."""
    for _try in range(4):
        day = chance.randint(first, max(first, last))
        month = (until - timedelta(days=DAYS - day)).month
        if chance.random() < SEASON[month - 1] / 1.8:
            return day
    return day


def _browse(person: Person, chance: Random, at: datetime) -> Iterator[Fact]:
    who = tuple(person.who)
    path, title = chance.choice(words.PAGES)
    yield Fact(who, PAGE_VIEWED, at, channel="web", payload={"url": SITE + path, "title": title})
    for step in range(chance.randint(0, 2)):
        product, price = _liked(person, chance)
        later = at + timedelta(minutes=2 + step * 3)
        yield Fact(who, PRODUCT_VIEWED, later, channel="web", payload={"product": product, "price": str(price)})
        if chance.random() < 0.3:
            cart = {"items": [product], "total": str(price)}
            yield Fact(who, CART_UPDATED, later + timedelta(minutes=1), channel="web", payload=cart)


def _purchase(person: Person, chance: Random, at: datetime, order: str) -> Iterator[Fact]:
    who = tuple(person.who)
    product, price = _liked(person, chance)
    quantity = chance.choices([1, 2, 3, 10], [70, 18, 8, 20 if person.kind == "company" else 0])[0]
    amount = Decimal(price * quantity)
    channel = chance.choice(["shop", "shop", "web", "wecom"])
    bought = {"product": product, "quantity": quantity, "order": f"CT{order}"}
    yield Fact(who, PURCHASE_MADE, at, amount, "CNY", channel, bought, key=order)
    if chance.random() < 0.03:
        back = {"product": product, "quantity": 1, "order": f"CT{order}", "reason": chance.choice(["破损", "不合口味"])}
        yield Fact(who, REFUND_MADE, at + timedelta(days=3), -Decimal(price), "CNY", channel, back, key=f"{order}-back")


def _liked(person: Person, chance: Random) -> tuple[str, int]:
    """A product, more often of the tea that the person likes."""
    shares = [4 if tea == person.tea else 1 for _name, tea, _price in words.PRODUCTS]
    name, _tea, price = chance.choices(words.PRODUCTS, shares)[0]
    return name, price
