"""What every endpoint of customers does: find the customer within scope, turn pages, write identities and versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, StringConstraints

from guanxi.core.errors import Refused
from guanxi.customers.masks import shown_identity
from guanxi.customers.models import Customer, Identity
from guanxi.kit.cursor import BadCursor, Value, decode_cursor, encode_cursor
from guanxi.kit.masking import mask_text
from guanxi.staff.api_auth import Caller, require
from guanxi.staff.api_shapes import RowId
from guanxi.staff.models import Member

LARGEST_PAGE = 200
Limit = Annotated[int, Field(ge=1, le=LARGEST_PAGE, description="How many a page holds at most.")]
After = Annotated[str, Field(max_length=2_048, description="The `next` of the page before.")]
Ids = Annotated[list[RowId], Field(min_length=1, max_length=1_000)]
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _possible(moment: datetime) -> datetime:
    """In UTC: PostgreSQL takes offsets below 16 hours only, and near the ends of the calendar there is no way back."""
    if not EARLIEST <= moment <= LATEST:
        raise ValueError(_("Choose a time between 1900 and 2200."))
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_possible)]

# Texts by their longest; the verbs behind know each field's own limit. Blanks at the ends are dropped.
Word = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Prose = Annotated[str, StringConstraints(max_length=20_000)]


class CountOut(Schema):
    """How many were changed; those that were as asked already do not count."""

    changed: int


def see_customer(request: HttpRequest, customer_id: int, verb: str = "see") -> tuple[Caller, Customer]:
    """Who calls, if they may do `verb`, and the customer, if their scope reaches it; else 404."""
    who = require(request, "customers", verb)
    found = Customer.objects.visible_to(who.member).select_related("stage", "owner", "source")
    customer = found.filter(pk=customer_id).first()
    if customer is None:
        raise Http404
    return who, customer


def see_customers(request: HttpRequest, ids: Sequence[int], verb: str = "edit") -> tuple[Caller, list[int]]:
    """Who calls, and the same customers, each within their scope. Refuses all when one is not."""
    who = require(request, "customers", verb)
    visible = set(Customer.objects.visible_to(who.member).filter(pk__in=ids).values_list("pk", flat=True))
    hidden = [pk for pk in dict.fromkeys(ids) if pk not in visible]
    if hidden:
        raise Refused(
            _("These customers are not there, or lie outside what you may see: %(ids)s. Nothing was changed.")
            % {"ids": ", ".join(map(str, hidden[:20]))},
            code="out_of_sight",
            field="customer_ids",
            status=404,
        )
    return who, sorted(visible)


def colleague(member_id: int) -> Member:
    """An active member; 404 otherwise."""
    found = Member.objects.active().filter(pk=member_id).first()
    if found is None:
        raise Refused(_("There is no such colleague."), code="no_such_member", field="member_id", status=404)
    return found


def seen_version(request: HttpRequest, told: int | None) -> int | None:
    """The version that the caller saw: from the body, else from If-Match (RFC 9110, section 13.1.1)."""
    given = request.headers.get("If-Match", "").strip()
    if told is not None or not given or given == "*":
        return told
    number = given.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Refused(_("If-Match holds no version: send the ETag as it came."), code="unusable_etag", field="If-Match")
    return int(number)


def write_identity(identity: Identity, *, masks: bool) -> dict[str, Any]:
    """An identity for programs: as it is kept, or masked for roles that may not read contacts."""
    value = shown_identity(identity.kind, identity.value, masks=True) if masks else identity.value
    return {
        "id": identity.pk,
        "kind": identity.kind,
        "namespace": identity.namespace,
        "value": value,
        "is_primary": identity.is_primary,
        "verified_at": identity.verified_at,
    }


def masked(told: Any) -> Any:
    """JSON with every phone number and e-mail address in it masked."""
    if isinstance(told, str):
        return mask_text(told)
    if isinstance(told, list):
        return [masked(each) for each in told]
    if isinstance(told, dict):
        return {name: masked(value) for name, value in told.items()}
    return told


def newest_first(rows: QuerySet[Any], *, after: str, limit: int) -> tuple[list[Any], str]:
    """A page of rows by falling id, and the cursor of the next one."""
    rows = rows.order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=cursor(after, int)[0])
    found = list(rows[: limit + 1])
    return found[:limit], encode_cursor([found[limit - 1].pk]) if len(found) > limit else ""


def cursor(word: str, *types: type) -> list[Value]:
    """The values of a cursor, all present. Raises BadCursor, which the edge answers with 422."""
    values = decode_cursor(word, types)
    if any(value is None for value in values):
        raise BadCursor("cursor_unknown", _("This is not the `next` of a page."))
    return values
