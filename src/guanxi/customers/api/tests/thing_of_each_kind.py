"""One row of everything that an address can name, so that fuzzing reaches behind the 404."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zlib import crc32

from guanxi.core import clock
from guanxi.customers.api.tests.conftest import Program
from guanxi.customers.models import Customer, DuplicatePair
from guanxi.staff.models import ApiKey, Department, Invitation, Member, Role


@dataclass
class Things:
    """Ids by the name of the path's parameter; where that is `pk`, by the resource before it."""

    ids: dict[str, int]

    def point(self, path: str, parameters: dict[str, Any]) -> dict[str, Any]:
        """The parameters, those that can name something naming it, but for one in eight."""
        resource = path.removeprefix("/api/v1/").partition("/")[0]
        return {
            name: value
            if crc32(str(value).encode()) % 8 == 0
            else self.ids.get(resource if name == "pk" else name, value)
            for name, value in parameters.items()
        }


def make_one_of_each(shop: Program, customer: Customer, other: Customer) -> Things:
    """Make them, over the API where it can."""

    def made(path: str, told: dict[str, Any]) -> int:
        answer = shop.post(path, told)
        assert answer.status_code < 300, answer.content
        return int(answer.json()["id"])

    group = made("/tag-groups", {"name": "Loyalty"})
    tag = made("/tags", {"name": "VIP", "group_id": group})
    kind = made("/relationship-kinds", {"name": "Referred", "reverse_name": "Referred by"})
    of_customer = f"/customers/{customer.pk}"
    low, high = sorted((customer, other), key=lambda each: each.pk)
    pair = DuplicatePair.objects.create(customer=low, other=high, score=0.9, reasons=[], found_at=clock.now())
    return Things(
        {
            "customer_id": customer.pk,
            "identity_id": customer.identities.all()[0].pk,
            "tag_id": tag,
            "member_id": Member.objects.order_by("pk")[1].pk,
            "note_id": made(f"{of_customer}/notes", {"text": "Likes oolong"}),
            "follow_up_id": made(f"{of_customer}/follow-ups", {"text": "Call", "due_at": "2030-01-01T10:00:00Z"}),
            "relationship_id": made(f"{of_customer}/relationships", {"other_id": other.pk, "kind_id": kind}),
            "pair_id": pair.pk,
            "progress_id": made("/bulk", {"do": "tag", "target_id": tag, "filters": {"city": "上海"}}),
            "view_id": made("/views", {"name": "上海"}),
            "website_id": made("/websites", {"name": "Tea", "origins": ["tea.example.com"]}),
            "tag-groups": group,
            "tags": tag,
            "relationship-kinds": kind,
            "stages": made("/stages", {"name": "Lead"}),
            "sources": made("/sources", {"name": "Fair"}),
            "fields": made("/fields", {"name": "Tea", "kind": "choice", "choices": ["Green", "Black"]}),
            "members": Member.objects.order_by("pk")[2].pk,
            "departments": Department.objects.order_by("-pk")[0].pk,
            "roles": Role.objects.order_by("pk")[2].pk,
            "invitations": Invitation.objects.values_list("pk", flat=True).first() or 1,
            "api-keys": ApiKey.objects.order_by("pk")[0].pk,
        }
    )
