"""What the parts of landing share: the import at work, and what a batch came to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from guanxi.core.actors import Actor
from guanxi.customers.imports.lookups import Lookups
from guanxi.customers.imports.plan import Plan
from guanxi.customers.imports.rows import Refusal
from guanxi.customers.models import Customer, Import
from guanxi.staff.models import Member


@dataclass(slots=True)
class Landed:
    """What a batch came to. `amounts` are sums by currency."""

    created: int = 0
    updated: int = 0
    events: int = 0
    repeated: int = 0
    skipped: int = 0
    without_customer: int = 0
    amounts: dict[str, Decimal] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)


@dataclass(slots=True)
class Batch:
    """The import that a batch belongs to, and by whom and when it lands.

    Every event's payload carries `mark`, so that undoing finds it. `remembered` and `told` spare the database what
    this process has written before; both are only hints.
    """

    imported: Import
    plan: Plan
    lookups: Lookups
    by: Actor
    member: Member | None
    at: datetime
    remembered: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)
    mark: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.mark = {"import": self.imported.pk}

    def visible(self, customer_ids: Iterable[int]) -> set[int]:
        """Those of the customers that whoever imports may see; all of them on the command line of the server."""
        wanted = set(customer_ids)
        if self.member is None or self.member.visible_member_ids() is None or not wanted:
            return wanted
        seen = Customer.objects.visible_to(self.member).filter(pk__in=wanted)
        return set(seen.values_list("pk", flat=True))

    @property
    def default_owner_id(self) -> int | None:
        """Whoever only sees their own customers owns those they bring in, else they would not see them."""
        if self.member is None or self.member.visible_member_ids() is None:
            return None
        return self.member.pk
