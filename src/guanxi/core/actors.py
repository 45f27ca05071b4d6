"""Who did it: the `by` of every verb and every event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["staff", "customer", "automation", "api_key", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or thing that acts. `id` is its row in the table its kind names; `label` is for people to read."""

    kind: ActorKind
    id: int | None = None
    label: str = ""

    @classmethod
    def system(cls) -> Actor:
        """The product itself: clean-ups, sweeps, migrations."""
        return cls("system")

    @classmethod
    def customer(cls, customer_id: int) -> Actor:
        """A customer who acts on their own behalf."""
        return cls("customer", customer_id)
