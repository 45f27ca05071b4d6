"""Whatever hangs on the records, undoing a merge restores every row of every table."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from guanxi.customers.actions.terms import refresh_terms
from guanxi.customers.merging.merge import merge_customers
from guanxi.customers.merging.tests.cast import EVENING, NOON, every_row, happened, make_customer, make_member
from guanxi.customers.merging.undo import undo_merge
from guanxi.customers.models import (
    Collaborator,
    Customer,
    CustomerTag,
    DuplicatePair,
    Field,
    FollowUp,
    Identity,
    Note,
    OwnershipChange,
    Relationship,
    RelationshipKind,
    Tag,
    TagGroup,
    Tally,
)

PEOPLE = 5
person = st.integers(0, PEOPLE - 1)
two = st.tuples(person, person).filter(lambda pair: pair[0] != pair[1])
row = st.one_of(
    st.tuples(st.just("tag"), person, st.integers(0, 3)),
    st.tuples(st.just("collaborator"), person, st.integers(0, 1)),
    st.tuples(st.just("owner"), person, st.integers(0, 1)),
    st.tuples(st.just("identity"), person, st.sampled_from(["phone", "email", "cookie"])),
    st.tuples(st.just("relationship"), two, st.integers(0, 1)),
    st.tuples(st.just("pair"), two, st.sampled_from(["open", "distinct"])),
    st.tuples(st.just("note"), person, st.just(0)),
    st.tuples(st.just("follow_up"), person, st.just(0)),
    st.tuples(st.just("event"), person, st.integers(0, 400)),
    st.tuples(st.just("tally"), person, st.decimals(0, 10**6, places=4)),
    st.tuples(st.just("reference"), two, st.just(0)),
    st.tuples(st.just("field"), person, st.integers(0, 9)),
)


class AnyGraph(TestCase):
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        graph=st.lists(row, max_size=40),
        absorbed=st.lists(st.integers(1, PEOPLE - 1), min_size=1, max_size=3, unique=True),
        chosen=st.dictionaries(st.sampled_from(["name", "city", "owner", "phone"]), st.just(None), max_size=4),
    )
    def test_undo_restores_every_row(self, graph, absorbed, chosen):
        world = World()
        for number, (what, where, detail) in enumerate(graph):
            getattr(world, what)(where, detail, number)
        refresh_terms([customer.pk for customer in world.people])
        customers = list(Customer.objects.order_by("pk"))
        others = [customers[place] for place in absorbed]
        choices = dict.fromkeys(chosen, others[0].pk)
        before = every_row()
        merge = merge_customers(customers[0], others, choices=choices, by=world.members[0].actor, at=EVENING)
        assert not Customer.objects.filter(pk=customers[0].pk).exclude(merged_into=None).exists()
        undo_merge(merge, by=world.members[0].actor, at=EVENING)
        assert every_row() == before


class World:
    """Five people who look alike, and whatever is made to hang on them."""

    def __init__(self) -> None:
        self.members = [make_member("Mei"), make_member("Bo")]
        groups = [TagGroup.objects.create(name=name, is_exclusive=name == "size") for name in ("size", "taste")]
        self.tags = [Tag.objects.create(group=groups[n // 2], name=f"tag {n}") for n in range(4)]
        self.kinds = [
            RelationshipKind.objects.create(slug=f"kind-{n}", name=f"kind {n}", reverse_name="of" * n) for n in range(2)
        ]
        self.reference_key = Field.objects.create(slug="parent", name="Parent", kind="reference").key
        self.text = Field.objects.create(slug="card", name="Card", kind="text")
        self.people = [make_customer(f"Person {n}", city="上海" if n % 2 else "") for n in range(PEOPLE)]

    def tag(self, who, which, _number):
        CustomerTag.objects.get_or_create(
            tag=self.tags[which], customer=self.people[who], defaults={"created_at": NOON, "member": self.members[0]}
        )

    def collaborator(self, who, which, _number):
        Collaborator.objects.get_or_create(customer=self.people[who], member=self.members[which])

    def owner(self, who, which, _number):
        Customer.objects.filter(pk=self.people[who].pk).update(owner=self.members[which])
        OwnershipChange.objects.create(customer=self.people[who], to_member=self.members[which], changed_at=NOON)

    def identity(self, who, kind, number):
        is_first = not Identity.objects.filter(customer=self.people[who], kind=kind, is_primary=True).exists()
        Identity.objects.create(
            customer=self.people[who], kind=kind, value=f"{kind}{number}@x.example", is_primary=is_first
        )

    def relationship(self, ends, kind, number):
        Relationship.objects.get_or_create(
            customer=self.people[ends[0]],
            other=self.people[ends[1]],
            kind=self.kinds[kind],
            defaults={"created_at": NOON, "weight": 0.1 + number},
        )

    def pair(self, ends, state, number):
        low, high = sorted(self.people[end].pk for end in ends)
        DuplicatePair.objects.get_or_create(
            customer_id=low, other_id=high, defaults={"score": 1 / (number + 3), "state": state, "found_at": NOON}
        )

    def note(self, who, _detail, number):
        Note.objects.create(customer=self.people[who], text=f"note {number}", created_at=NOON)

    def follow_up(self, who, _detail, number):
        FollowUp.objects.create(
            customer=self.people[who], assignee=self.members[0], text=str(number), due_at=EVENING, created_at=NOON
        )

    def event(self, who, days, number):
        happened(self.people[who], at=NOON - timedelta(days=days), amount=Decimal(number), currency="CNY")

    def tally(self, who, total, _number):
        Tally.objects.update_or_create(
            customer=self.people[who], defaults={"event_count": 1, "purchase_total": total, "currency": "CNY"}
        )

    def reference(self, ends, _detail, _number):
        self._set(ends[0], self.reference_key, self.people[ends[1]].pk)

    def field(self, who, detail, _number):
        self._set(who, self.text.key, f"card {detail}")

    def _set(self, who, key, value):
        customer = Customer.objects.get(pk=self.people[who].pk)
        customer.fields[key] = value
        customer.save(update_fields=["fields"])
