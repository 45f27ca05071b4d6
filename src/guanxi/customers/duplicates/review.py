"""The queue of pairs to review, and what a person decides about one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guanxi.core.errors import Refused
from guanxi.customers.merging import side_by_side
from guanxi.customers.merging.choosing import best_survivor
from guanxi.customers.merging.merge import merge_customers
from guanxi.customers.models import Customer, DuplicatePair, Field, Merge
from guanxi.staff.models import Member

PAGE = 10
SUMMARY = (
    "name", "phone", "email", "birth_date", "company_name", "city", "address", "postcode", "owner", "stage",
)  # fmt: skip


class PairDecided(Refused):
    """A colleague was faster."""

    code = "pair_decided"
    status = 409


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A pair with what a person needs to judge it: the records, the reasons in words, the fields side by side."""

    pair: DuplicatePair
    customers: tuple[Customer, Customer]
    reasons: list[tuple[str, str]]
    rows: list[side_by_side.Row]


def queue(member: Member) -> QuerySet[DuplicatePair]:
    """Open pairs of which the member may see both records, the likeliest first."""
    seen = Customer.objects.visible_to(member).values("pk")
    if member.visible_member_ids() is None:
        both = Q(customer__merged_into=None, other__merged_into=None)
    else:
        both = Q(customer__in=seen, other__in=seen)
    found = DuplicatePair.objects.filter(both, state=DuplicatePair.State.OPEN)
    return found.order_by(F("score").desc(), "pk")


def after(pairs: QuerySet[DuplicatePair], cursor: str) -> QuerySet[DuplicatePair]:
    """The pairs behind a cursor, "score:id" of the last pair seen; an unreadable one begins anew."""
    score, _colon, pk = cursor.partition(":")
    try:
        return pairs.filter(Q(score__lt=float(score)) | Q(score=float(score), pk__gt=int(pk)))
    except ValueError:
        return pairs


def cursor_of(pair: DuplicatePair) -> str:
    return f"{pair.score!r}:{pair.pk}"


def reviewed(pairs: Sequence[DuplicatePair], member: Member) -> list[Reviewed]:
    """The pairs made ready to be judged, with a constant number of queries."""
    ids = {pk for pair in pairs for pk in (pair.customer_id, pair.other_id)}
    customers = Customer.objects.select_related("stage", "owner", "source").in_bulk(ids)
    everybody = list(customers.values())
    by_field = {row.field: row for row in side_by_side.rows(everybody, {}, member)} if everybody else {}
    place = {customer.pk: at for at, customer in enumerate(everybody)}
    labels = {f"field:{field.pk}": field.name for field in Field.objects.all()}
    found = []
    for pair in pairs:
        two = (customers[pair.customer_id], customers[pair.other_id])
        named = [name for name in by_field if name in SUMMARY or [name, "same"] in pair.reasons]
        rows = [_of_two(by_field[name], two, place) for name in sorted(named, key=_by_summary)]
        kept = [row for row in rows if any(cell.text for cell in row.cells)]
        found.append(Reviewed(pair, two, in_words(pair.reasons, labels), kept))
    return found


def _of_two(row: side_by_side.Row, two: tuple[Customer, Customer], place: dict[int, int]) -> side_by_side.Row:
    return side_by_side.Row(row.field, row.label, [row.cells[place[customer.pk]] for customer in two])


def _by_summary(name: str) -> int:
    return SUMMARY.index(name) if name in SUMMARY else len(SUMMARY)


def in_words(reasons: Sequence[object], labels: dict[str, str]) -> list[tuple[str, str]]:
    """Reasons as (words, tone): green speaks for one customer, yellow a little, red against."""
    names = _field_words() | labels
    found = []
    for reason in reasons:
        if isinstance(reason, list) and len(reason) == 2:
            name, level = str(reason[0]), str(reason[1])
        else:
            name, level = str(reason), "same"
        words = _SENTENCES.get((name, level))
        if words is not None:
            found.append((_(words), "green" if level == "same" else "red"))
        elif name in names:
            found.append((_words(names[name], level), {"same": "green", "close": "yellow"}.get(level, "red")))
    return found


def _words(name: str, level: str) -> str:
    if level == "same":
        return _("same {field}").format(field=name)
    if level == "close":
        return _("similar {field}").format(field=name)
    return _("different {field}").format(field=name)


_SENTENCES = {
    ("external", "different"): gettext_noop("two ids in one system"),
    ("linked", "same"): gettext_noop("both match a third record"),
    ("named_together", "same"): gettext_noop("named together in one event"),
}


def _field_words() -> dict[str, str]:
    return {
        "name": _("name"),
        "birth_date": _("birthday"),
        "city": _("city"),
        "postcode": _("postcode"),
        "address": _("address"),
        "phone": _("phone"),
        "email": _("e-mail"),
        "company_name": _("company"),
    }


def merge_pair(pair: DuplicatePair, *, member: Member, at: datetime) -> Merge:
    """Merge straight, with the defaults: the fullest record stays. Raises what merge_customers raises."""
    customers = list(Customer.objects.filter(pk__in=(pair.customer_id, pair.other_id)).order_by("pk"))
    if len(customers) < 2:
        raise PairDecided(_("One of these customers is not there any more. Reload the page."))
    survivor = best_survivor(customers)
    others = [customer for customer in customers if customer.pk != survivor.pk]
    return merge_customers(survivor, others, by=member.actor, at=at)


def keep_apart(pair: DuplicatePair, *, member: Member, at: datetime) -> None:
    """Two customers, not one: no scan proposes the pair again. Raises PairDecided when it is not open any more."""
    states = DuplicatePair.State
    changed = DuplicatePair.objects.filter(pk=pair.pk, state=states.OPEN).update(
        state=states.DISTINCT, decided_at=at, decided_by=member
    )
    if not changed:
        raise PairDecided(_("A colleague has decided on this pair already."))


def reopen(pair: DuplicatePair) -> None:
    """Put a pair that was kept apart back into the queue; twice does nothing more."""
    states = DuplicatePair.State
    DuplicatePair.objects.filter(pk=pair.pk, state=states.DISTINCT).update(
        state=states.OPEN, decided_at=None, decided_by=None
    )
