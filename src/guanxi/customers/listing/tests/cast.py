"""Twelve customers of the tea house for the tests of the list, with tags, own fields, tallies and owners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from guanxi.core.actors import Actor
from guanxi.customers.actions.tagging import add_tag
from guanxi.customers.actions.terms import refresh_terms
from guanxi.customers.listing.filters import Asking, Filters
from guanxi.customers.models import Customer, Field, FollowUp, Identity, Source, Stage, Tag, TagGroup, Tally
from guanxi.staff.models import Member
from guanxi.staff.tests.factories import Cast, make_cast

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
NAMES = [
    "张三丰", "李白", "王维", "杜甫", "Ada Lovelace", "Alan Turing",
    "上海茶业有限公司", "苏轼", "李清照", "陆游", "Grace Hopper", "",
]  # fmt: skip


@dataclass
class Shop:
    """The company with its customers by name."""

    cast: Cast
    customers: list[Customer]
    tags: list[Tag]
    stages: list[Stage]
    fields: dict[str, Field]

    def of(self, name: str) -> Customer:
        return next(customer for customer in self.customers if customer.name == name)

    def asking(self, member: Member | None = None) -> Asking:
        return Asking(member or self.cast.wang_fang, NOW)

    def found(self, query: str, member: Member | None = None) -> set[str]:
        """The names that an address finds; it must be wholly understood."""
        filters = Filters.read(query, self.asking(member))
        assert filters.problems == ()
        return {customer.name for customer in filters.visible()}


def make_field(name: str, kind: str, choices: list[str] | None = None) -> Field:
    return Field.objects.create(slug=name, name=name, kind=kind, choices=choices or [])


def make_shop() -> Shop:
    """Each customer differs from the others by the number of its place in NAMES."""
    cast = make_cast()
    stages = [Stage.objects.create(name=name, position=n) for n, name in enumerate(["New", "Regular"])]
    source = Source.objects.create(name="Fair", slug="fair")
    group = TagGroup.objects.create(name="Worth", is_exclusive=True)
    tags = [Tag.objects.create(group=group, name=name) for name in ("VIP", "Plain")]
    tags.append(Tag.objects.create(group=TagGroup.objects.create(name="Tea"), name="Green"))
    kinds = {"level": "choice", "points": "number", "renewal": "date", "likes": "multi_choice", "news": "yes_no",
             "account": "text", "adviser": "reference", "page": "link"}  # fmt: skip
    offered = {"level": ["Gold", "Plain"], "likes": ["tea", "opera", "chess"]}
    fields = {name: make_field(name, kind, offered.get(name)) for name, kind in kinds.items()}
    customers = [_make_customer(n, name, cast, stages, source, fields) for n, name in enumerate(NAMES)]
    _tag_and_tally(customers, tags, cast)
    refresh_terms([customer.pk for customer in customers])
    return Shop(cast, customers, tags, stages, fields)


def _make_customer(
    n: int, name: str, cast: Cast, stages: list[Stage], source: Source, fields: dict[str, Field]
) -> Customer:
    values = {
        "level": "Gold" if n % 4 == 0 else "Plain" if n % 4 == 1 else None,
        "points": str(n * 10) if n % 2 else None,
        "renewal": date(2026, 11, 1 + n).isoformat() if n < 6 else None,
        "likes": (["tea", "opera"] if n % 2 else ["tea"]) if n < 4 else None,
        "news": n % 2 == 0 if n < 6 else None,
        "account": f"A-{n}" if n < 3 else None,
    }
    made = Customer.objects.create(
        name=name,
        kind="company" if "公司" in name else "person",
        gender="female" if n in (4, 8, 10) else "",
        birth_date=date(1980 + n, 1 + n % 12, 5) if n < 8 else None,
        city=("上海", "北京", "")[n % 3],
        company_name="武当茶业" if n == 0 else "",
        language="en" if name.isascii() and name else "",
        stage=stages[n % 2] if n < 10 else None,
        owner=(cast.li_ming, cast.zhao_lei, None)[n % 3],
        source=source if n < 2 else None,
        fields={fields[key].key: value for key, value in values.items() if value is not None},
        created_at=NOW - timedelta(days=n * 20),
        updated_at=NOW,
    )
    if n % 2 == 0:
        Identity.objects.create(customer=made, kind="phone", value=f"+861381234567{n % 10}{n}")
    if n % 3 == 0:
        Identity.objects.create(customer=made, kind="email", value=f"c{n}@{'qq.com' if n else 'tea.cn'}")
        Identity.objects.create(customer=made, kind="email", value=f"d{n}@qq.com")
    if n == 5:
        Identity.objects.create(customer=made, kind="unionid", value="u5")
    return made


def _tag_and_tally(customers: list[Customer], tags: list[Tag], cast: Cast) -> None:
    by = Actor.system()
    add_tag([customer.pk for customer in customers[:4]], tags[0], by=by, at=NOW)
    add_tag([customer.pk for customer in customers[4:6]], tags[1], by=by, at=NOW)
    add_tag([customer.pk for customer in customers[2:5]], tags[2], by=by, at=NOW)
    for n, customer in enumerate(customers):
        Tally.objects.update_or_create(
            customer=customer,
            defaults={
                "event_count": n,
                "last_event_at": NOW - timedelta(days=n * 10) if n else None,
                "purchase_count": n // 3,
                "purchase_total": Decimal(n // 3 * 100),
                "currency": "CNY",
                "last_purchase_at": NOW - timedelta(days=n * 15) if n >= 3 else None,
            },
        )
    FollowUp.objects.create(customer=customers[7], assignee=cast.li_ming, text="Call", due_at=NOW, created_at=NOW)
