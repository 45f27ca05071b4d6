"""What the demo company's staff do with its customers: fields, tags, owners, notes, reminders, relationships."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from guanxi.config.demo import vocabulary as words
from guanxi.config.demo.people import Person
from guanxi.core import events
from guanxi.core.events import NewEvent
from guanxi.customers.actions.assigning import assign
from guanxi.customers.actions.following_up import set_follow_up
from guanxi.customers.actions.noting import write_note
from guanxi.customers.actions.staging import move_to_stage
from guanxi.customers.actions.tagging import add_tag
from guanxi.customers.events import RELATIONSHIP_ADDED
from guanxi.customers.models import (
    Customer,
    Field,
    Relationship,
    RelationshipKind,
    Stage,
    Tag,
    TagGroup,
)
from guanxi.customers.setup.fields import create_field
from guanxi.staff.models import Member

Anything = TypeVar("Anything")

STAGES = [("新客 New", "azure"), ("常客 Regular", "green"), ("挚友 Devoted", "purple"), ("沉睡 Asleep", "yellow")]
TAG_GROUPS = [
    ("等级 Tier", "yellow", True, ["金卡 Gold", "银卡 Silver", "普卡 Basic"]),
    ("来处 Came by", "blue", False, ["门店 Walk-in", "小程序 Mini-program", "品茶会 Tasting", "朋友介绍 Referred"]),
    ("兴趣 Interests", "green", False, ["茶具 Teaware", "礼品 Gifts", "普洱收藏 Pu'er collector", "茶艺课 Tea class"]),
    ("留意 Care", "red", False, ["投诉过 Complained", "孕期 Expecting"]),
]
KINDS = [
    ("referred", "介绍了 Referred", "由其介绍 Referred by"),
    ("family", "家人 Family", ""),
    ("colleague", "同事 Colleague", ""),
    ("follows", "关注 Follows", "被关注 Followed by"),
    ("same-group", "同群 Same group", ""),
]


class Desk:
    """A year of the staff's work. `spent` is what each customer spent, `seen` when each was first and last there."""

    def __init__(self, everybody: list[Person], members: list[Member], *, seed: int, until: datetime) -> None:
        self.everybody = everybody
        self.boss = members[0]
        self.sellers = [member for member in members if not member.role.is_administrator]
        self.chance = Random(seed)
        self.until = until

    def work(self, first: dict[int, datetime], last: dict[int, datetime], spent: dict[int, int]) -> None:
        self._fill_in(first)
        self._own(first)
        self._stage(first, last, spent)
        self._tag(spent)
        self._write(last)
        self._greet_the_boss(last)
        self._relate()

    def _fill_in(self, first: dict[int, datetime]) -> None:
        """Birthdays, addresses, own fields: what a till knows from its member cards."""
        by = self.boss.actor
        tea = create_field(name="喜爱的茶 Favourite tea", kind=Field.Kind.CHOICE, choices=words.TEAS, by=by)
        years = create_field(name="茶龄（年）Years of tea", kind=Field.Kind.NUMBER, by=by)
        card = create_field(name="电子会员卡 Digital card", kind=Field.Kind.YES_NO, by=by)
        rows = Customer.objects.in_bulk([person.customer_id for person in self.everybody])
        for person in self.everybody:
            customer = rows[person.customer_id]
            customer.kind, customer.birth_date = person.kind, person.birth_date
            customer.created_at = first[person.customer_id]
            customer.fields = {tea.key: person.tea, card.key: person.number % 3 > 0}
            if person.number % 2:
                customer.fields[years.key] = str(1 + person.number * 13 % 30)
        Customer.objects.bulk_update(rows.values(), ["kind", "birth_date", "created_at", "fields"], batch_size=1_000)

    def _own(self, first: dict[int, datetime]) -> None:
        """Everybody but a tenth has an owner, given to them in the month they came."""
        books: dict[tuple[int, datetime], list[int]] = defaultdict(list)
        for person in self.everybody:
            if person.number % 10:
                monday = self._week_after(first[person.customer_id])
                books[person.number % len(self.sellers), min(monday, self.until)].append(person.customer_id)
        for (place, at), mine in sorted(books.items()):
            seller = self.sellers[place]
            assign(mine, seller, by=seller.actor, at=at)

    def _stage(self, first: dict[int, datetime], last: dict[int, datetime], spent: dict[int, int]) -> None:
        stages = [
            Stage.objects.get_or_create(name=name, defaults={"color": color, "position": place})[0]
            for place, (name, color) in enumerate(STAGES)
        ]
        reached: dict[int, list[int]] = defaultdict(list)
        for person in self.everybody:
            total = spent.get(person.customer_id, 0)
            asleep = last[person.customer_id] < self.until - timedelta(days=120)
            reached[3 if asleep else 2 if total > 3_000 else 1 if total > 600 else 0].append(person.customer_id)
        by = self.sellers[0].actor
        newcomers: dict[datetime, list[int]] = defaultdict(list)
        for person in self.everybody:
            newcomers[self._week_after(first[person.customer_id])].append(person.customer_id)
        for monday, customers in sorted(newcomers.items()):
            if monday < self.until:
                move_to_stage(customers, stages[0], by=by, at=monday)
        for place in (1, 2, 3):
            move_to_stage(reached[place], stages[place], by=by, at=self._ago(60 - 15 * place))

    def _tag(self, spent: dict[int, int]) -> None:
        everyone = [person.customer_id for person in self.everybody]
        tags: dict[str, Tag] = {}
        for place, (name, color, is_exclusive, members) in enumerate(TAG_GROUPS):
            group = TagGroup.objects.create(name=name, color=color, is_exclusive=is_exclusive, position=place)
            for position, tag in enumerate(members):
                tags[tag] = Tag.objects.create(group=group, name=tag, position=position)
        gold = [customer for customer in everyone if spent.get(customer, 0) > 4_000]
        silver = [customer for customer in everyone if 1_200 < spent.get(customer, 0) <= 4_000]
        self._put(tags["金卡 Gold"], gold, 45)
        self._put(tags["银卡 Silver"], silver, 50)
        for name in [*TAG_GROUPS[1][3], *TAG_GROUPS[2][3]]:
            self._put(tags[name], self._some(everyone, 0.05, 0.28), self.chance.randint(20, 300))
        for name in TAG_GROUPS[3][3]:
            self._put(tags[name], self._some(everyone, 0.004, 0.012), self.chance.randint(5, 100))

    def _put(self, tag: Tag, customers: list[int], days: int) -> None:
        add_tag(customers, tag, by=self.chance.choice(self.sellers).actor, at=self._ago(days))

    def _write(self, last: dict[int, datetime]) -> None:
        """Notes, calls and things to do, more about those who come often."""
        owned = [person for person in self.everybody if person.number % 10]
        about = sorted(owned, key=lambda person: -person.warmth)[:420]
        rows = Customer.objects.in_bulk([person.customer_id for person in about])
        for person in about:
            customer = rows[person.customer_id]
            seller = self._owner_of(person)
            at = min(last[person.customer_id] + timedelta(hours=self.chance.randint(1, 60)), self.until)
            is_call = self.chance.random() < 0.35
            text = self.chance.choice(words.CALLS if is_call else words.NOTES)
            write_note(customer, text=text, by=seller.actor, author=seller, at=at, is_call=is_call)
            if self.chance.random() < 0.3:
                due = self.until + timedelta(hours=self.chance.randint(1, 150))
                set_follow_up(
                    customer,
                    text=self.chance.choice(words.FOLLOW_UPS),
                    due_at=due,
                    assignee=seller,
                    by=seller.actor,
                    at=self.until,
                )

    def _greet_the_boss(self, last: dict[int, datetime]) -> None:
        """Who signs in to the demo finds customers of their own, things due today, and a colleague who asks."""
        nobodys = [person for person in self.everybody if not person.number % 10 and person.kind == "person"]
        lately = sorted(nobodys, key=lambda person: last[person.customer_id])[-30:]
        assign([person.customer_id for person in lately], self.boss, by=self.boss.actor, at=self._ago(2))
        rows = Customer.objects.in_bulk([person.customer_id for person in lately])
        for place, person in enumerate(lately[:9]):
            customer = rows[person.customer_id]
            set_follow_up(
                customer,
                text=words.FOLLOW_UPS[place % len(words.FOLLOW_UPS)],
                due_at=self.until + timedelta(hours=2 + place * 5),
                assignee=self.boss,
                by=self.boss.actor,
                at=self._ago(1),
            )
            if place % 3 == 0:
                colleague = self.sellers[place]
                text = f"@{self.boss.name} {words.QUESTIONS[place // 3]}"
                write_note(customer, text=text, by=colleague.actor, author=colleague, at=self.until)

    def _owner_of(self, person: Person) -> Member:
        return self.sellers[person.number % len(self.sellers)]

    def _relate(self) -> None:
        """Friends bring friends: referrals grow from the well connected; families share a street, colleagues a firm."""
        kinds = {
            slug: RelationshipKind.objects.get_or_create(
                slug=slug, defaults={"name": name, "reverse_name": reverse, "position": place}
            )[0]
            for place, (slug, name, reverse) in enumerate(KINDS)
        }
        edges: dict[tuple[int, int, str], float] = {}
        persons = [person for person in self.everybody if person.kind == "person"]
        hubs = [persons[0]]
        for person in persons[1:]:
            if self.chance.random() < 0.3:
                friend = self.chance.choice(hubs)
                edges[friend.customer_id, person.customer_id, "referred"] = 1.0
                hubs += [friend, person]
        for slug, share in (("family", 0.06), ("colleague", 0.1), ("follows", 0.12), ("same-group", 0.12)):
            for person in self._some(persons, share, share):
                near = persons[(person.number * 31 + self.chance.randint(1, 25)) % len(persons)]
                if near.customer_id != person.customer_id:
                    edges[person.customer_id, near.customer_id, slug] = round(self.chance.uniform(0.5, 3), 1)
        self._keep(edges, kinds)

    def _keep(self, edges: dict[tuple[int, int, str], float], kinds: dict[str, RelationshipKind]) -> None:
        names = {person.customer_id: person.name for person in self.everybody}
        at = self._ago(30)
        Relationship.objects.bulk_create(
            [
                Relationship(customer_id=one, other_id=other, kind=kinds[slug], weight=weight, created_at=at)
                for (one, other, slug), weight in edges.items()
            ],
            batch_size=1_000,
        )
        events.record_many(
            [
                NewEvent(
                    RELATIONSHIP_ADDED,
                    self.sellers[0].actor,
                    one,
                    at,
                    payload={"kind": kinds[slug].name, "other_id": other, "other": names[other]},
                )
                for (one, other, slug) in edges
            ]
        )

    def _some(self, everyone: list[Anything], least: float, most: float) -> list[Anything]:
        """A share of everyone, between `least` and `most`."""
        return self.chance.sample(everyone, int(len(everyone) * self.chance.uniform(least, most)))

    def _week_after(self, at: datetime) -> datetime:
        """The Monday morning after, when somebody goes through the week's newcomers."""
        return at.replace(hour=1, minute=0, second=0) + timedelta(days=7 - at.weekday())

    def _ago(self, days: int) -> datetime:
        return self.until - timedelta(days=days)
